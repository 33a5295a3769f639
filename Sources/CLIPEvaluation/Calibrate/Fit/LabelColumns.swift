internal import CLIPCore

/// The labels of images, category by category.
package struct LabelColumns: Sendable {
    /// The categories' names.
    package let categories: [String]
    /// The images' ids, for messages.
    package let ids: [String]
    /// For each category, whether each image belongs to it; `nil` if unknown.
    package let truth: [[Bool?]]
    /// For each category, the probability with which each image was drawn; `nil` if unknown.
    package let probabilities: [[Double?]]

    /// The labels of images.
    package init(_ images: LabelledEmbeddings) {
        categories = images.categories
        ids = images.ids
        truth = images.categories.indices.map { images.truth(category: $0) }
        probabilities = images.categories.indices.map { category in
            (0..<images.count).map { images.probability(image: $0, category: category) }
        }
    }

    /// Creates labels from one column per category.
    package init(categories: [String], ids: [String], truth: [[Bool?]], probabilities: [[Double?]]) {
        precondition(
            truth.count == categories.count && probabilities.count == categories.count,
            "categories have labels"
        )
        precondition(
            (truth.map(\.count) + probabilities.map(\.count)).allSatisfy { $0 == ids.count },
            "images have labels"
        )
        self.categories = categories
        self.ids = ids
        self.truth = truth
        self.probabilities = probabilities
    }

    private init(_ all: LabelColumns, _ chosen: [Int]) {
        categories = chosen.map { all.categories[$0] }
        ids = all.ids
        truth = chosen.map { all.truth[$0] }
        probabilities = chosen.map { all.probabilities[$0] }
    }

    /// The labels of some categories, given by position.
    func of(_ chosen: [Int]) -> LabelColumns { LabelColumns(self, chosen) }

    /// How often each image counts for each category.
    var weights: ImageWeights {
        ImageWeights(
            imageCount: ids.count,
            samples: zip(probabilities, truth).map { DrawnSample(probabilities: $0, labels: $1) }
        )
    }

    /// Whether the labels of a category were drawn with known probabilities.
    func isDrawn(category: Int) -> Bool { probabilities[category].contains { $0 != nil } }

    /// The categories with too few labels.
    func skipped(minimum: Int) -> [CalibrationResult.Skipped] {
        zip(categories, truth).compactMap { name, labels in
            StratifiedFolds.shortage(labels, minimum).map {
                CalibrationResult.Skipped(
                    name: name,
                    reason: "\($0) (at least \(minimum) are needed)",
                    isUnlabelled: !StratifiedFolds.hasAny(labels)
                )
            }
        }
    }
}

extension CalibrationResult.Skipped {
    /// Says how many more labels are needed, and of which images.
    mutating func advise(_ labels: LabelColumns, _ evidence: [Evidence], minimum: Int) {
        guard !isUnlabelled, let category = labels.categories.firstIndex(of: name) else { return }
        let truth = labels.truth[category]
        let scores = truth.indices.filter { truth[$0] == true }.map {
            evidence[$0 * labels.categories.count + category].score
        }
        advice = LabelAdvice.more(
            positives: minimum - scores.count,
            negatives: minimum - truth.count { $0 == false },
            positiveScores: scores
        )
    }
}
