/// What scores are compared with: a threshold for each category and one margin to the neutral descriptions.
///
/// An image belongs to a category when `score ≥ threshold` and, where the evidence has a neutral similarity,
/// `positive ≥ neutral + margin`. Equality counts as a match.
package struct DecisionLimits: Sendable, Hashable {
    /// The categories' names.
    package let names: [String]
    /// For each category the score from which an image belongs to it.
    package let thresholds: [Float]
    /// How much closer an image must be to a category than to the neutral descriptions.
    package let neutralMargin: Float

    /// The limits of a category file.
    package init(_ file: CategoryFile) {
        names = file.categories.map(\.name)
        thresholds = file.categories.map(\.threshold)
        neutralMargin = file.neutralMargin
    }

    /// Joins thresholds and a margin.
    ///
    /// - Parameters:
    ///   - names: The categories' names.
    ///   - thresholds: For each category the score from which an image belongs to it.
    ///   - neutralMargin: How much closer an image must be to a category than to the neutral descriptions.
    /// - Precondition: There is one threshold a category.
    package init(names: [String], thresholds: [Float], neutralMargin: Float) {
        precondition(names.count == thresholds.count, "every category has a threshold")
        self.names = names
        self.thresholds = thresholds
        self.neutralMargin = neutralMargin
    }

    /// Compares evidence with the limits.
    ///
    /// - Parameters:
    ///   - evidence: For each image and category, image by image.
    ///   - ids: The images' ids; `nil` for their positions.
    /// - Returns: The evidence and an outcome for each image and category.
    /// - Throws: ``CLIPError`` with code `invalidEmbeddings` when a score, or a part of it, is not finite.
    package func decide(_ evidence: [Evidence], ids: [String]? = nil) throws -> Decisions {
        let categoryCount = thresholds.count
        precondition(evidence.count.isMultiple(of: categoryCount), "the evidence does not fill whole rows")
        let outcomes = try [Outcome](unsafeUninitializedCapacity: evidence.count) { outcomes, count in
            for image in 0..<evidence.count / categoryCount {
                for category in 0..<categoryCount {
                    let evidence = evidence[count]
                    guard evidence.isFinite else {
                        throw CLIPError(
                            .invalidEmbeddings,
                            "The score of image \(image) of the block for category '\(names[category])' is not a finite "
                                + "number, or a part of it is not."
                        )
                    }
                    outcomes.initializeElement(at: count, to: outcome(evidence, threshold: thresholds[category]))
                    count += 1
                }
            }
        }
        return Decisions(ids: ids, categories: names, evidence: evidence, outcomes: outcomes)
    }

    private func outcome(_ evidence: Evidence, threshold: Float) -> Outcome {
        guard evidence.score >= threshold else { return .belowThreshold }
        return evidence.passesNeutralTest(margin: neutralMargin) ? .match : .belowNeutral
    }
}
