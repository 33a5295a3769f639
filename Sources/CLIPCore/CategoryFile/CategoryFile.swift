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
        /// Descriptions of what belongs to the category; at least one, unless its rule learns from labelled images.
        public var positive: [String]
        /// Descriptions of what is easily mistaken for it; may be empty.
        public var negative: [String]
        /// The score from which an image belongs to the category.
        public var threshold: Float
        /// Templates for this category alone, as ``CategoryFile/templates``; `nil` means the file's.
        public var templates: [String]?
        /// The scoring rule of this category; `nil` means the file's.
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

    /// The categories in the order of the file.
    public var categories: [Category]
    /// Descriptions of any image at all; used as they are, without templates.
    ///
    /// May be empty.
    public var neutral: [String]
    /// Sentences that positive and negative descriptions are put into, in the place of `{}` or `{c}`.
    ///
    /// When empty, descriptions are used as they are.
    public var templates: [String]
    /// The scoring rule of categories that have none of their own.
    public var rule: RuleChoice
    /// How much closer an image must be to a category than to the neutral descriptions, as a difference of cosines.
    public var neutralMargin: Float
    /// Identity of the model that thresholds and margin were made for (see ``ModelDescription/identity``); `nil` for any.
    ///
    /// The key `model_sha256` of a file.
    public var model: String?
    /// SHA-256 of the labels file that thresholds were fitted to, in hexadecimal; `nil` when they were chosen by hand.
    public var calibratedOn: String?

    /// Creates a category file in code.
    ///
    /// What it holds is checked when it is used; see ``validate(for:)``.
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

    /// The category of a name, if there is one.
    public subscript(name: String) -> Category? { categories.first { $0.name == name } }

    /// The scoring rule of a category.
    package func rule(of category: Category) -> RuleChoice { category.rule ?? rule }

    /// Refuses to use thresholds that were made for another model.
    ///
    /// - Parameters:
    ///   - name: The model's name.
    ///   - identity: Its identity.
    ///   - file: What the error message calls the category file.
    /// - Throws: ``CLIPError`` with code `modelMismatch` when the file names a model and it is not this one.
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
