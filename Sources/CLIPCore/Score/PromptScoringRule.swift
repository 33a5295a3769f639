/// A scoring rule that compares images with single prompts as well as prompt sets.
///
/// The classifier computes the columns of single prompts only for such rules, because they cost more than those of
/// prompt sets.
///
/// ```swift
/// struct WorstPrompt: PromptScoringRule {
///     var identifier: String { "worst-prompt" }
///
///     func score(_ similarities: PromptSimilarities) -> [Evidence] {
///         similarities.evidence { row, category in
///             let worst = category.positive.promptColumns.map { row[$0] }.min() ?? row[category.positive]
///             return Evidence(score: worst, positive: row[category.positive])
///         }
///     }
/// }
/// ```
public protocol PromptScoringRule: ScoringRule {
    /// Scores a block of images against all categories.
    ///
    /// - Returns: `images × categories.count` items of evidence, in row-major order.
    func score(_ similarities: PromptSimilarities) -> [Evidence]
}

extension PromptScoringRule {
    /// Always true.
    public var usesPromptVectors: Bool { true }

    /// Scores a block of images against all categories.
    ///
    /// - Precondition: The similarities have columns of single prompts.
    public func score(_ similarities: Similarities) -> [Evidence] {
        guard let similarities = PromptSimilarities(similarities) else {
            preconditionFailure("the rule '\(identifier)' needs columns of single prompts")
        }
        return score(similarities)
    }
}
