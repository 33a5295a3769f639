/// The limits for scores: one threshold per category and a margin over the neutral descriptions.
///
/// An image belongs to a category if `score ≥ threshold` and, if the evidence has a neutral similarity,
/// `positive − neutral ≥ margin`. Equality counts as a match.
package struct DecisionLimits: Sendable, Hashable {
    /// The categories' names.
    package let names: [String]
    /// The score at or above which an image belongs to a category, for each category.
    package let thresholds: [Float]
    /// How much closer an image must be to a category than to the neutral descriptions.
    package let neutralMargin: Float

    /// The limits of a category file.
    package init(_ file: CategoryFile) {
        names = file.categories.map(\.name)
        thresholds = file.categories.map(\.threshold)
        neutralMargin = file.neutralMargin
    }

    /// Creates limits from thresholds and a margin.
    ///
    /// - Parameters:
    ///   - names: The categories' names.
    ///   - thresholds: The score at or above which an image belongs to a category, for each category.
    ///   - neutralMargin: How much closer an image must be to a category than to the neutral descriptions.
    /// - Precondition: There is one threshold per category.
    package init(names: [String], thresholds: [Float], neutralMargin: Float) {
        precondition(names.count == thresholds.count, "there must be one threshold per category")
        self.names = names
        self.thresholds = thresholds
        self.neutralMargin = neutralMargin
    }

    /// Compares evidence with the limits.
    ///
    /// - Parameters:
    ///   - evidence: One item per image and category, in row-major order.
    ///   - ids: The images' ids; `nil` uses their indices.
    ///   - basis: What the evidence was made from, if a classifier made it.
    /// - Returns: The evidence and an outcome for each image and category.
    /// - Throws: ``CLIPError`` with code `invalidEmbeddings` if a score or one of its components is not finite.
    package func decide(
        _ evidence: [Evidence],
        ids: [String]? = nil,
        basis: DecisionBasis? = nil
    ) throws -> Decisions {
        let categoryCount = thresholds.count
        precondition(evidence.count.isMultiple(of: categoryCount), "the evidence does not fill whole rows")
        let outcomes = try [Outcome](unsafeUninitializedCapacity: evidence.count) { outcomes, count in
            for image in 0..<evidence.count / categoryCount {
                for category in 0..<categoryCount {
                    let evidence = evidence[count]
                    guard evidence.isFinite else {
                        throw CLIPError(
                            .invalidEmbeddings,
                            "The score of image \(image) of the block for category '\(names[category])', or one of its "
                                + "components, is not finite."
                        )
                    }
                    outcomes.initializeElement(at: count, to: outcome(evidence, threshold: thresholds[category]))
                    count += 1
                }
            }
        }
        return Decisions(ids: ids, categories: names, evidence: evidence, outcomes: outcomes, basis: basis)
    }

    private func outcome(_ evidence: Evidence, threshold: Float) -> Outcome {
        guard evidence.score >= threshold else { return .belowThreshold }
        return evidence.passesNeutralTest(margin: neutralMargin) ? .match : .belowNeutral
    }
}
