/// Which category images belong to against which one they were given, for categories that exclude each other.
///
/// An image is given the category with the highest score among those that match, the first of several, or none.
public struct ConfusionMatrix: Sendable, Hashable {
    /// Names of the categories.
    public let categories: [String]
    /// `(categories.count + 1)²` numbers of images, one row for each true category and one column for each given one; the
    /// last row and column stand for no category.
    public let counts: [Int]
    /// Images of which it is not known which category they belong to.
    public let unknownCount: Int

    /// Share of the images that were given the category they belong to; `nil` when there are none.
    public var accuracy: Double? {
        let total = counts.reduce(0, +)
        let size = categories.count + 1
        let correct = (0..<size).reduce(0) { $0 + counts[$1 * size + $1] }
        return total == 0 ? nil : Double(correct) / Double(total)
    }

    /// Counts images.
    ///
    /// An image that belongs to one category belongs to no other. One that is not known to belong to any is counted in
    /// ``unknownCount``, unless it is known of every category that the image does not belong to it.
    ///
    /// - Throws: ``CLIPError`` with code `invalidLabels` when an image belongs to two categories.
    /// - Precondition: There are decisions for the images and categories.
    public init(_ images: LabelledEmbeddings, decisions: Decisions) throws {
        precondition(decisions.imageCount == images.count, "there is a decision for each image")
        precondition(decisions.categoryCount == images.categories.count, "there is a decision for each category")
        let none = images.categories.count
        var counts = [Int](repeating: 0, count: (none + 1) * (none + 1))
        var unknown = 0
        for image in 0..<images.count {
            guard let category = try images.onlyCategory(image: image) else {
                unknown += 1
                continue
            }
            let given = decisions.matches(image: image).reduce(nil as Int?) { best, category in
                guard let best else { return category }
                let isBetter =
                    decisions.evidence(image: image, category: category).score
                    > decisions.evidence(image: image, category: best).score
                return isBetter ? category : best
            }
            counts[category * (none + 1) + (given ?? none)] += 1
        }
        categories = images.categories
        self.counts = counts
        unknownCount = unknown
    }

    /// Number of images of one category that were given another one, both by their positions; `nil` stands for none.
    public func count(of category: Int?, givenAs given: Int?) -> Int {
        let none = categories.count
        precondition((category ?? 0) < none && (given ?? 0) < none, "there is no such category")
        return counts[(category ?? none) * (none + 1) + (given ?? none)]
    }
}

extension LabelledEmbeddings {
    /// The one category that an image belongs to, `categories.count` for none, or `nil` when that is not known.
    fileprivate func onlyCategory(image: Int) throws -> Int? {
        let members = categories.indices.filter { truth(image: image, category: $0) == true }
        guard members.count < 2 else {
            throw CLIPError(
                .invalidLabels,
                "Image '\(ids[image])' belongs to '\(categories[members[0]])' and to '\(categories[members[1]])'. In a "
                    + "confusion matrix an image has one category at most: correct the labels, or do without the matrix."
            )
        }
        if let category = members.first { return category }
        return categories.indices.allSatisfy { truth(image: image, category: $0) == false } ? categories.count : nil
    }
}
