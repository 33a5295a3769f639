/// How much closer an image is to its k nearest positive descriptions than to its k nearest negative ones.
///
/// `score = mean of the k largest image·positiveᵢ − mean of the k largest image·negativeⱼ`, −2…2; only the first term
/// for a category without negatives. A set with fewer than k descriptions is averaged as a whole. The neutral test of
/// `contrast` applies, with the nearest neutral descriptions. A compromise between ``BestPromptRule`` (k = 1),
/// which one unlucky description can mislead, and the mean over all. The rule is original to this project.
package struct TopKMeanRule: PromptScoringRule, CategoryFileRule {
    /// How many descriptions are averaged.
    package let k: Int

    /// Creates the rule.
    ///
    /// - Throws: ``CLIPError`` with code `invalidCategoryFile` unless `k` is positive.
    package init(k: Int) throws {
        guard k > 0 else {
            throw CLIPError(.invalidCategoryFile, "The k of 'top-k-mean' must be at least 1, not \(k).")
        }
        self.k = k
    }

    /// `top-k-mean` with its k.
    package var identifier: String { Self.identifier("top-k-mean", "k \(k)") }

    /// Scores a block of images against all categories.
    package func score(_ similarities: PromptSimilarities) -> [Evidence] {
        similarities.contrast { row, set in row.meanOfBest(k, of: set) }
    }
}
