/// Computes scores from similarities.
///
/// A rule receives a block of images at a time and returns evidence; it does not know the thresholds. Conform a struct
/// whose `init` validates its parameters:
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
/// A rule that compares images with single prompts as well as prompt sets is a ``PromptScoringRule``.
public protocol ScoringRule: Sendable {
    /// Identifies the rule in results, for example `top-k-mean (k 3)`.
    ///
    /// Rules that may score an image differently must have different identifiers, so include the values of all
    /// parameters. Stored scores can be decided again only with a rule of the same identifier. The names of the rules
    /// of category files (such as `top-k-mean`), alone or followed by parameters in parentheses, are reserved.
    var identifier: String { get }

    /// Whether the rule needs the columns of single prompts: `true` for a ``PromptScoringRule``, `false` otherwise.
    ///
    /// A rule that passes similarities to another rule returns that rule's value.
    var usesPromptVectors: Bool { get }

    /// Scores a block of images against all categories.
    ///
    /// - Returns: `images × categories.count` items of evidence, in row-major order.
    func score(_ similarities: Similarities) -> [Evidence]
}

extension ScoringRule {
    /// Returns `false`.
    public var usesPromptVectors: Bool { false }
}

/// A rule that a category file can name, with an identifier of ``RuleChoice``.
protocol CategoryFileRule: ScoringRule {}

extension CategoryFileRule {
    /// The rule's name with its parameters.
    static func identifier(_ name: String, _ parameters: String...) -> String {
        parameters.isEmpty ? name : "\(name) (\(parameters.joined(separator: ", ")))"
    }
}
