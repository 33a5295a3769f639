/// Something in a category file that is probably not meant so.
public struct LintFinding: Sendable, Hashable {
    /// How much it matters.
    public enum Severity: String, Sendable, Hashable, CaseIterable {
        /// The file cannot be used, or a category cannot work.
        case error
        /// A category works worse than it could.
        case warning
        /// Worth a look, and often right as it is.
        case note
    }

    /// What was checked.
    package enum Rule: String, Sendable, Hashable, CaseIterable {
        /// The file cannot be read as a category file.
        case invalidFile = "invalid-file"
        /// Thresholds and margin were made for another model.
        case otherModel = "other-model"
        /// A description says what is not there.
        case negation
        /// A description is longer than what the model reads.
        case tooLong = "too-long"
        /// A description stands twice in a list, but for case and spaces.
        case repeatedPrompt = "repeated-prompt"
        /// Two descriptions of a list mean the same to the model.
        case similarPrompts = "similar-prompts"
        /// A description is a positive and a negative one of the same category.
        case contradiction
        /// A description is a positive one of several categories.
        case sharedPrompt = "shared-prompt"
        /// A neutral description is a positive one of a category too.
        case neutralPositive = "neutral-positive"
        /// To the model, a positive description is more like the negatives than like the other positives.
        case nearerNegative = "nearer-negative"
        /// To the model, two categories are nearly the same.
        case similarCategories = "similar-categories"
        /// No category uses the file's templates.
        case unusedTemplates = "unused-templates"
        /// A neutral margin without neutral descriptions.
        case unusedMargin = "unused-margin"
        /// A logit bias of a category with negatives, in whose logits it cancels out.
        case unusedBias = "unused-bias"
        /// A category has a single sentence.
        case singlePrompt = "single-prompt"
        /// A threshold that every score reaches, or none can.
        case threshold
    }

    /// A place in the file; lines and columns are counted from 1.
    package struct Position: Sendable, Hashable {
        /// The line.
        package let line: Int
        /// The column.
        package let column: Int
    }

    /// How much it matters.
    public let severity: Severity
    /// What was checked.
    package let rule: Rule
    /// Where it is; `nil` when that is not known.
    package let position: Position?
    /// The category that it is about; `nil` for the file as a whole.
    public let category: String?
    /// What was found and what to do about it.
    public let message: String

    /// The line where it is, counted from 1; `nil` when that is not known.
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
