/// Turns similarities into scores.
///
/// A rule sees a whole block of images at a time and returns evidence; it knows nothing of thresholds. Conform a struct
/// whose `init` checks its parameters:
///
/// ```swift
/// struct PositiveOnly: ScoringRule {
///     var identifier: String { "positive-only" }
///
///     func score(_ similarities: Similarities) -> [Evidence] {
///         similarities.evidence { row, category in
///             let positive = row[category.positive]
///             return Evidence(score: positive, positive: positive)
///         }
///     }
/// }
/// ```
///
/// A rule that compares images with single prompts, and not only with prompt sets, is a ``PromptScoringRule``.
public protocol ScoringRule: Sendable {
    /// What results say they were scored with, for example `top-k-mean (k 3)`.
    ///
    /// Rules that may score an image differently have different identifiers, so it holds the values of all parameters. Scores
    /// are decided again only for a rule with the same identifier. Those of a category file's rules are taken: their names
    /// (such as `top-k-mean`), alone or before parameters in parentheses.
    var identifier: String { get }

    /// Whether the rule needs the columns of single prompts: `false`, and `true` for a ``PromptScoringRule``.
    ///
    /// A rule that hands similarities on to another one returns what that one does.
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

/// A rule that a category file can name, whose identifiers are those of ``RuleChoice``.
protocol CategoryFileRule: ScoringRule {}

extension CategoryFileRule {
    /// The rule's name with its parameters.
    static func identifier(_ name: String, _ parameters: String...) -> String {
        parameters.isEmpty ? name : "\(name) (\(parameters.joined(separator: ", ")))"
    }
}
