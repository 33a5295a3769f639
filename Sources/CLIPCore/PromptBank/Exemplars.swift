/// Labelled images for categories whose rules learn from images instead of descriptions.
public struct Exemplars: Sendable {
    /// Images that belong to a category, and images that do not.
    public struct Category: Sendable {
        /// Images that belong to the category.
        package let positive: EmbeddingBlock
        /// Images that do not belong to it; may be empty.
        package let negative: EmbeddingBlock

        /// Combines positive and negative images.
        public init(positive: EmbeddingBlock, negative: EmbeddingBlock) {
            precondition(
                positive.embeddings.dimension == negative.embeddings.dimension,
                "all vectors must have the same dimension"
            )
            self.positive = positive
            self.negative = negative
        }
    }

    private let categories: [String: Category]
    private let provenance: Provenance?

    /// Creates a collection from each category's labelled images.
    ///
    /// - Parameters:
    ///   - categories: The images by category name.
    ///   - model: The model that embedded the images. Descriptions of another model are refused; with `nil`, only those
    ///     of another dimension.
    public init(_ categories: [String: Category], model: ModelDescription? = nil) {
        self.init(categories, provenance: model.map { Provenance($0) })
    }

    /// Creates a collection of images whose vectors have a provenance.
    package init(_ categories: [String: Category], provenance: Provenance?) {
        self.categories = categories
        self.provenance = provenance
    }

    /// Checks that the images, if their model is known, were embedded with a model.
    ///
    /// - Throws: ``CLIPError`` with code `modelMismatch` that names both models.
    func requireModel(_ model: ModelDescription) throws {
        try provenance?.requireModel(model, store: "The set of labelled images")
    }

    /// The labelled images of a category whose rule learns from them.
    ///
    /// - Throws: ``CLIPError`` with code `invalidLabels` if no image belongs to the category, or the rule needs both
    ///   kinds of images and one is missing.
    func images(of name: String, for rule: RuleChoice) throws -> Category {
        guard let images = categories[name], !images.positive.ids.isEmpty else {
            throw CLIPError(
                .invalidLabels,
                "The rule '\(rule.name)' of category '\(name)' learns from labelled images, but none belongs to the "
                    + "category. Label some."
            )
        }
        if case .linearProbe = rule, images.negative.ids.isEmpty {
            throw CLIPError(
                .invalidLabels,
                "The rule 'linear-probe' of category '\(name)' also needs images outside the category. "
                    + "Label some with 0."
            )
        }
        return images
    }
}
