/// The categories to sort images into: descriptions, scoring rules and thresholds.
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
        /// Descriptions of what belongs to the category; at least one, unless its rule learns from labelled images.
        public var positive: [String]
        /// Descriptions of what is easily mistaken for the category; may be empty.
        public var negative: [String]
        /// The score at or above which an image belongs to the category.
        public var threshold: Float
        /// Templates for this category, in the format of ``CategoryFile/templates``; `nil` uses the file's.
        public var templates: [String]?
        /// The scoring rule of this category; `nil` uses the file's.
        public var rule: RuleChoice?

        /// Creates a category.
        public init(
            name: String,
            positive: [String],
            negative: [String] = [],
            threshold: Float,
            templates: [String]? = nil,
            rule: RuleChoice? = nil
        ) {
            self.name = name
            self.positive = positive
            self.negative = negative
            self.threshold = threshold
            self.templates = templates
            self.rule = rule
        }
    }

    /// The categories in file order.
    public var categories: [Category]
    /// Descriptions that fit any image; used as prompts unchanged, without templates.
    ///
    /// May be empty.
    public var neutral: [String]
    /// Sentences with a placeholder, `{}` or `{c}`, into which positive and negative descriptions are inserted.
    ///
    /// If empty, descriptions are used as prompts unchanged.
    public var templates: [String]
    /// The scoring rule of categories without a rule of their own.
    public var rule: RuleChoice
    /// How much closer an image must be to a category than to the neutral descriptions, as a difference of cosine
    /// similarities.
    public var neutralMargin: Float
    /// The identity of the model that thresholds and margin belong to (see ``ModelDescription/identity``); `nil` for
    /// any model.
    ///
    /// In a file this is the key `model_sha256`.
    public var model: String?
    /// The SHA-256 of the labels file that the thresholds were fitted to, in hexadecimal; `nil` for hand-picked
    /// thresholds.
    public var calibratedOn: String?

    /// Creates a category file in code.
    ///
    /// The contents are validated when they are used; see ``validate(for:)``.
    public init(
        categories: [Category],
        neutral: [String] = [],
        templates: [String] = [],
        rule: RuleChoice = .contrast,
        neutralMargin: Float = 0,
        model: String? = nil,
        calibratedOn: String? = nil
    ) {
        self.categories = categories
        self.neutral = neutral
        self.templates = templates
        self.rule = rule
        self.neutralMargin = neutralMargin
        self.model = model
        self.calibratedOn = calibratedOn
    }

    /// The category with a name, or `nil`.
    public subscript(name: String) -> Category? { categories.first { $0.name == name } }

    /// The scoring rule of a category.
    package func rule(of category: Category) -> RuleChoice { category.rule ?? rule }

    /// Checks that the thresholds belong to a model.
    ///
    /// - Parameters:
    ///   - name: The model's name.
    ///   - identity: Its identity.
    ///   - file: The category file's name in the error message.
    /// - Throws: ``CLIPError`` with code `modelMismatch` if the file names another model.
    package func requireModel(name: String, identity: String, file: String = "the category file") throws {
        guard let model, model != identity else { return }
        throw CLIPError(
            .modelMismatch,
            "The thresholds of \(file) were made for the model \(model.prefix(12))…, not for "
                + "\(name) (\(identity.prefix(12))…). Calibrate them for this model, or remove 'model_sha256' from the file "
                + "to use them anyway."
        )
    }
}
