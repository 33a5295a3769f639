/// How much closer an image is to its nearest few positive descriptions than to its nearest few negative ones.
///
/// `score = mean of the k largest image·positiveᵢ − mean of the k largest image·negativeⱼ`, −2…2, or the first term alone
/// for a category without negatives; a set of fewer than k descriptions counts as a whole. The neutral test of
/// ``ContrastRule`` applies, with the nearest neutral descriptions. Lies between ``BestPromptRule`` (k = 1), which one
/// unlucky description can mislead, and the mean over all. The rule is this project's own.
package struct TopKMeanRule: PromptScoringRule, CategoryFileRule {
    /// How many descriptions count.
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
