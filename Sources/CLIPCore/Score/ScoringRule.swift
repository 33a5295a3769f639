/// Turns similarities into scores.
///
/// A rule sees a whole block of images at a time and returns evidence; it knows nothing of thresholds. Conform a struct
/// whose `init` checks its parameters:
///
/// ```swift
/// struct PositiveOnly: ScoringRule {
///     func score(_ similarities: Similarities) -> [Evidence] {
///         similarities.evidence { row, category in
///             let positive = row[category.positive]
///             return Evidence(score: positive, positive: positive)
///         }
///     }
/// }
/// ```
public protocol ScoringRule: Sendable {
    /// Whether ``score(_:)`` reads the columns of single prompts, not only those of prompt sets. `false` by default.
    var usesPromptVectors: Bool { get }

    /// Scores a block of images against all categories.
    ///
    /// - Returns: `imageCount × categories.count` items of evidence, image by image.
    func score(_ similarities: Similarities) -> [Evidence]
}

extension ScoringRule {
    /// Prompt sets are enough for most rules.
    public var usesPromptVectors: Bool { false }
}
