/// What a person wants images sorted into: descriptions per category and when they count as a match.
///
/// ```yaml
/// templates: ["a photo of {}.", "a close-up photo of {}."]
/// neutral: ["a photo.", "an image of something."]
/// rule: contrast
/// threshold: 0.05
/// neutral_margin: 0.01
/// categories:
///   dog:
///     positive: ["a dog", "a puppy"]
///     negative: ["a cat", "a wolf in the wild"]
///     threshold: 0.07
/// ```
///
/// Read one with ``init(contentsOf:)`` or ``init(text:name:)``, or build one in code.
public struct CategoryFile: Sendable, Hashable {
    /// One category.
    public struct Category: Sendable, Hashable {
        /// The name, unique in the file.
        public var name: String
        /// Descriptions of what belongs to the category; at least one.
        public var positive: [String]
        /// Descriptions of what is easily mistaken for it; may be empty.
        public var negative: [String]
        /// The score from which an image belongs to the category.
        public var threshold: Float
        /// Templates for this category alone; `nil` means the file's.
        public var templates: [PromptTemplate]?

        /// Creates a category.
        public init(
            name: String,
            positive: [String],
            negative: [String] = [],
            threshold: Float,
            templates: [PromptTemplate]? = nil
        ) {
            precondition(!positive.isEmpty, "a category has at least one positive description")
            precondition(threshold.isFinite, "a threshold is a finite number")
            self.name = name
            self.positive = positive
            self.negative = negative
            self.threshold = threshold
            self.templates = templates
        }
    }

    /// The categories in the order of the file.
    public var categories: [Category]
    /// Descriptions of any image at all; used as they are, without templates.
    ///
    /// May be empty.
    public var neutral: [String]
    /// Sentences that positive and negative descriptions are put into; empty means that they are used as they are.
    public var templates: [PromptTemplate]
    /// The scoring rule.
    public var rule: RuleName
    /// How much closer an image must be to a category than to the neutral descriptions, as a difference of cosines.
    public var neutralMargin: Float

    /// Creates a category file in code.
    ///
    /// - Precondition: There is at least one category and names are unique.
    public init(
        categories: [Category],
        neutral: [String] = [],
        templates: [PromptTemplate] = [],
        rule: RuleName = .contrast,
        neutralMargin: Float = 0
    ) {
        precondition(!categories.isEmpty, "there is at least one category")
        precondition(Set(categories.map(\.name)).count == categories.count, "category names are unique")
        precondition(neutralMargin.isFinite, "a margin is a finite number")
        self.categories = categories
        self.neutral = neutral
        self.templates = templates
        self.rule = rule
        self.neutralMargin = neutralMargin
    }
}
