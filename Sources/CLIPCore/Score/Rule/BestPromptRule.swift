/// How much closer an image is to its nearest positive description than to its nearest negative one.
///
/// `score = max image·positiveᵢ − max image·negativeⱼ` over single descriptions, −2…2; only the first term for a
/// category without negatives. The neutral test of `contrast` applies, with the nearest neutral description.
/// Suits categories whose descriptions name things that look different from each other. With descriptions, the rule is
/// original to this project. With labelled images and without the neutral test it is the rule `nearest-exemplar`:
/// nearest-neighbour classification (Cover and Hart, 1967).
package struct BestPromptRule: PromptScoringRule, CategoryFileRule {
    /// Creates the rule; it has no parameters.
    package init() {}

    /// `best-prompt`.
    package var identifier: String { Self.identifier("best-prompt") }

    /// Scores a block of images against all categories.
    package func score(_ similarities: PromptSimilarities) -> [Evidence] {
        similarities.contrast { row, set in row.best(of: set) }
    }
}
