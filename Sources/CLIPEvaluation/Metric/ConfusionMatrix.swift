package import CLIPCore

/// True against assigned categories, for mutually exclusive categories.
///
/// An image is assigned one of its matching categories, or none. In a group of the rule `softmax` that is the one with
/// the highest score; among all categories of a file, the one whose score is furthest above its own threshold. In a
/// tie, the first one is assigned.
package struct ConfusionMatrix: Sendable, Hashable {
    /// The group of the categories; `nil` for all categories.
    package let group: CategoryFile.ExclusiveGroup?
    /// Names of the categories.
    package let categories: [String]
    /// `(categories.count + 1)²` numbers of images, one row per true category and one column per assigned category; the
    /// last row and column stand for no category.
    ///
    /// An image that was drawn with probability π for its true category counts 1/π times; one that belongs to none counts
    /// by the smallest of its probabilities, because it is known to belong to none once it was drawn for all.
    package let counts: [Double]
    /// Whether any image counts other than once.
    package let isWeighted: Bool
    /// Number of images whose true category is unknown.
    package let unknownCount: Int

    /// Fraction of images that were assigned their true category; `nil` if there are none.
    package var accuracy: Double? {
        let total = counts.reduce(0, +)
        let size = categories.count + 1
        let correct = (0..<size).reduce(0) { $0 + counts[$1 * size + $1] }
        return total == 0 ? nil : correct / total
    }

    /// Counts the images of a group.
    ///
    /// An image that belongs to one category belongs to no other. An image of no known category is counted in
    /// ``unknownCount``, unless it is labelled as not belonging to any category.
    ///
    /// - Parameters:
    ///   - images: The labelled images.
    ///   - decisions: The decisions, in the same order.
    ///   - group: The mutually exclusive categories; all others are ignored.
    /// - Throws: `CLIPError` with code `invalidLabels` if an image belongs to two categories.
    /// - Precondition: The decisions are for these images and categories.
    package init(_ images: LabelledEmbeddings, decisions: Decisions, group: CategoryFile.ExclusiveGroup) throws {
        try self.init(images, decisions: decisions, group: group, thresholds: nil)
    }

    /// Counts the images as if all categories of a file were mutually exclusive.
    ///
    /// Scores with and without negatives have different ranges, as do those of different rules. Their distances from
    /// the categories' thresholds are comparable if all scores are cosines or all are probabilities.
    ///
    /// - Parameters:
    ///   - images: The labelled images.
    ///   - decisions: The decisions, in the same order.
    ///   - file: The category file that produced the decisions.
    /// - Throws: `CLIPError` with code `invalidLabels` if an image belongs to two categories, or `invalidCategoryFile`
    ///   if some scores are cosines and others are probabilities.
    /// - Precondition: The decisions are for these images and categories.
    package init(_ images: LabelledEmbeddings, decisions: Decisions, allOf file: CategoryFile) throws {
        precondition(images.categories == file.categories.map(\.name), "the labels are for these categories")
        let kinds = file.categories.map { file.rule(of: $0).givesProbabilities }
        if let cosine = kinds.firstIndex(of: false), let probability = kinds.firstIndex(of: true) {
            let names = [cosine, probability].map { index in
                "'\(file.categories[index].name)' (\(file.rule(of: file.categories[index]).name))"
            }
            throw CLIPError(
                .invalidCategoryFile,
                "The scores of category \(names[0]) are cosines and those of \(names[1]) are probabilities: they cannot be "
                    + "compared. For one confusion matrix, give all categories rules of the same kind."
            )
        }
        try self.init(images, decisions: decisions, group: nil, thresholds: file.categories.map(\.threshold))
    }

    private init(
        _ images: LabelledEmbeddings,
        decisions: Decisions,
        group: CategoryFile.ExclusiveGroup?,
        thresholds: [Float]?
    ) throws {
        precondition(decisions.count == images.count, "there is a decision for each image")
        precondition(decisions.categories.count == images.categories.count, "there is a decision for each category")
        let members = group?.categories ?? Array(images.categories.indices)
        let none = members.count
        var counts = [Double](repeating: 0, count: (none + 1) * (none + 1))
        var unknown = 0
        for image in 0..<images.count {
            guard let category = try images.onlyCategory(image: image, of: members, isGroup: group != nil) else {
                unknown += 1
                continue
            }
            let scores = members.map {
                decisions.evidence(image: image, category: $0).score - (thresholds?[$0] ?? 0)
            }
            var given: Int?
            for (position, member) in members.enumerated()
            where decisions.outcome(image: image, category: member) == .match {
                if given.map({ scores[position] > scores[$0] }) ?? true { given = position }
            }
            let drawn = category == none ? members : [members[category]]
            let probability = drawn.compactMap { images.probability(image: image, category: $0) }.min()
            counts[category * (none + 1) + (given ?? none)] += 1 / (probability ?? 1)
        }
        self.group = group
        categories = members.map { images.categories[$0] }
        self.counts = counts
        isWeighted = members.contains(where: images.isDrawn)
        unknownCount = unknown
    }

    /// The number of images of one category that were assigned another one, both given by position; `nil` stands for none.
    package func count(of category: Int?, givenAs given: Int?) -> Double {
        let none = categories.count
        precondition((category ?? 0) < none && (given ?? 0) < none, "there is no such category")
        return counts[(category ?? none) * (none + 1) + (given ?? none)]
    }

    /// The same number as text: whole unless images are weighted.
    package func text(of category: Int?, givenAs given: Int?) -> String {
        let count = count(of: category, givenAs: given)
        return isWeighted ? "\(count)" : "\(Int(count))"
    }
}

extension LabelledEmbeddings {
    /// The position in `group` of the only category that an image belongs to, `group.count` for none, or `nil` if
    /// unknown.
    fileprivate func onlyCategory(image: Int, of group: [Int], isGroup: Bool) throws -> Int? {
        let positions = group.indices.filter { truth(image: image, category: group[$0]) == true }
        guard positions.count < 2 else {
            let names = positions.map { "to '\(categories[group[$0]])'" }
            throw CLIPError(
                .invalidLabels,
                "Image '\(ids[image])' belongs \(names[0]) and \(names[1]), and in a confusion matrix"
                    + (isGroup ? ", which every group of 'softmax' has," : "")
                    + " an image has one category at most. Correct the labels, or "
                    + (isGroup
                        ? "put these categories into different groups." : "do without a matrix of all categories.")
            )
        }
        if let position = positions.first { return position }
        return group.allSatisfy { truth(image: image, category: $0) == false } ? group.count : nil
    }
}
