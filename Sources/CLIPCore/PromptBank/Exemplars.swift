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

    /// Creates a collection from each category's labelled images, keyed by category name.
    public init(_ categories: [String: Category]) {
        self.categories = categories
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
