/// How much closer an image is to the positive descriptions together than to the nearest single negative description.
///
/// `score = image·positive − max image·negativeⱼ`, −2…2; `image·positive` for a category without negatives. The mean of
/// many different negatives resembles none of them, whereas the nearest one is the look-alike itself. The neutral test
/// of `contrast` applies. The rule is original to this project.
package struct StrongestNegativeRule: PromptScoringRule, CategoryFileRule {
    /// Creates the rule; it has no parameters.
    package init() {}

    /// `strongest-negative`.
    package var identifier: String { Self.identifier("strongest-negative") }

    /// Scores a block of images against all categories.
    package func score(_ similarities: PromptSimilarities) -> [Evidence] {
        similarities.contrast {
            row,
            set in
            row[set]
        } negative: {
            row,
            set in
            row.best(of: set)
        }
    }
}
