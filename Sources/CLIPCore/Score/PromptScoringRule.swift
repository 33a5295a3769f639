/// A scoring rule that compares images with single prompts, not only with prompt sets.
///
/// The classifier computes the columns of single prompts for such rules, which costs more than those of prompt sets alone.
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
    /// - Returns: `imageCount × categories.count` items of evidence, image by image.
    func score(_ similarities: PromptSimilarities) -> [Evidence]
}

extension PromptScoringRule {
    /// Single prompts are compared.
    public var usesPromptVectors: Bool { true }

    /// Scores a block of images against all categories.
    ///
    /// - Precondition: There are columns of single prompts.
    public func score(_ similarities: Similarities) -> [Evidence] {
        guard let similarities = PromptSimilarities(similarities) else {
            preconditionFailure("the rule '\(identifier)' needs columns of single prompts: usesPromptVectors is true")
        }
        return score(similarities)
    }
}
