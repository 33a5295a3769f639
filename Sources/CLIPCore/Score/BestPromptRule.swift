/// How much closer an image is to its nearest positive description than to its nearest negative one.
///
/// `score = max image·positiveᵢ − max image·negativeⱼ` over single descriptions, −2…2, or the first term alone for a
/// category without negatives. The neutral test of ``ContrastRule`` applies, with the nearest neutral description. Suits
/// categories whose descriptions name things that look unlike each other.
public struct BestPromptRule: ScoringRule {
    /// Creates the rule; it has no parameters.
    public init() {}

    /// Single prompts are compared, not only prompt sets.
    public var usesPromptVectors: Bool { true }

    /// Scores a block of images against all categories.
    public func score(_ similarities: Similarities) -> [Evidence] {
        let neutral = similarities.layout.neutral
        return similarities.evidence { row, category in
            let positive = row.best(of: category.positive)
            let negative = category.negative.map { row.best(of: $0) }
            return Evidence(
                score: positive - (negative ?? 0),
                positive: positive,
                negative: negative,
                neutral: neutral.map { row.best(of: $0) }
            )
        }
    }
}

extension ScoringRule where Self == BestPromptRule {
    /// Nearest positive minus nearest negative description.
    public static var bestPrompt: BestPromptRule { BestPromptRule() }
}
