/// Labelled images that stand for categories whose rules learn from images instead of words.
public struct Exemplars: Sendable {
    /// The images that belong to a category and those that do not.
    public struct Category: Sendable {
        /// Images that belong to the category.
        package let positive: EmbeddingBlock
        /// Images that do not; may be empty.
        package let negative: EmbeddingBlock

        /// Joins both kinds of images.
        public init(positive: EmbeddingBlock, negative: EmbeddingBlock) {
            precondition(
                positive.embeddings.dimension == negative.embeddings.dimension,
                "all images have vectors of one dimension"
            )
            self.positive = positive
            self.negative = negative
        }
    }

    private let categories: [String: Category]

    /// Creates a collection from the labelled images of each category, by its name.
    public init(_ categories: [String: Category]) {
        self.categories = categories
    }

    /// The labelled images of a category whose rule learns from them.
    ///
    /// - Throws: ``CLIPError`` with code `invalidLabels` when none belongs to it, or the rule needs both kinds and one is
    ///   missing.
    func images(of name: String, for rule: RuleChoice) throws -> Category {
        guard let images = categories[name], !images.positive.ids.isEmpty else {
            throw CLIPError(
                .invalidLabels,
                "The rule '\(rule.name)' of category '\(name)' learns from labelled images, and none of them belongs to the "
                    + "category. Label some."
            )
        }
        if case .linearProbe = rule, images.negative.ids.isEmpty {
            throw CLIPError(
                .invalidLabels,
                "The rule 'linear-probe' of category '\(name)' also needs images that do not belong to the category. "
                    + "Label some with 0."
            )
        }
        return images
    }
}
