/// A likely mistake in a category file.
public struct LintFinding: Sendable, Hashable {
    /// The severity of a finding.
    public enum Severity: String, Sendable, Hashable, CaseIterable {
        /// The file cannot be used, or a category cannot work.
        case error
        /// A category works worse than it could.
        case warning
        /// Worth checking, and often correct.
        case note
    }

    /// The check that produced a finding.
    package enum Rule: String, Sendable, Hashable, CaseIterable {
        /// The file cannot be read as a category file.
        case invalidFile = "invalid-file"
        /// Thresholds and margin were fitted for another model.
        case otherModel = "other-model"
        /// A description negates something: it names something that should be absent.
        case negation
        /// A prompt is longer than the model's context.
        case tooLong = "too-long"
        /// A description appears twice in a list, ignoring case, spaces and a full stop.
        case repeatedPrompt = "repeated-prompt"
        /// The model can barely distinguish two prompts of a list.
        case similarPrompts = "similar-prompts"
        /// A description is both positive and negative for the same category.
        case contradiction
        /// Several categories share a positive description.
        case sharedPrompt = "shared-prompt"
        /// A neutral description is also a positive one of a category.
        case neutralPositive = "neutral-positive"
        /// To the model, a positive description is more similar to a negative one than to the other positives.
        case nearerNegative = "nearer-negative"
        /// The model can barely distinguish two categories.
        case similarCategories = "similar-categories"
        /// No category uses the file's templates.
        case unusedTemplates = "unused-templates"
        /// A neutral margin without neutral descriptions.
        case unusedMargin = "unused-margin"
        /// A logit bias of a category with negatives, where it cancels out.
        case unusedBias = "unused-bias"
        /// A category has a single prompt.
        case singlePrompt = "single-prompt"
        /// A threshold that every score reaches, or that none can reach.
        case threshold
    }

    /// A position in the file; lines and columns are counted from 1.
    package struct Position: Sendable, Hashable {
        /// The line.
        package let line: Int
        /// The column.
        package let column: Int
    }

    /// The severity.
    public let severity: Severity
    /// The check.
    package let rule: Rule
    /// The position; `nil` if unknown.
    package let position: Position?
    /// The category; `nil` if the finding concerns the whole file.
    public let category: String?
    /// The problem, and how to fix it.
    public let message: String

    /// The line, counted from 1; `nil` if unknown.
    public var line: Int? { position?.line }

    init(
        _ severity: Severity,
        _ rule: Rule,
        at position: Position?,
        category: String? = nil,
        _ message: String
    ) {
        self.severity = severity
        self.rule = rule
        self.position = position
        self.category = category
        self.message = message
    }
}
