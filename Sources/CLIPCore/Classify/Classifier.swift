/// Decides which categories images belong to, from their embeddings alone.
///
/// A rule scores; the classifier compares. An image belongs to a category when `score ≥ threshold` and, where the rule
/// gives a neutral similarity, `positive ≥ neutral + margin`. Equality counts as a match.
///
/// ```swift
/// let classifier = Classifier(file, bank: bank, rule: .contrast)
/// let decisions = try classifier.classify(embeddings)
/// decisions.matches(image: 0).map { file.categories[$0].name }  // ["dog"]
/// ```
public struct Classifier: Sendable {
    /// The categories and their vectors.
    public let bank: PromptBank
    /// Turns similarities into scores.
    public let rule: any ScoringRule
    /// What scores are compared with.
    public let limits: DecisionLimits
    /// What the scores of each category depend on, for result files.
    package let definitions: [ScoreDefinition]

    /// For each category the score from which an image belongs to it.
    public var thresholds: [Float] { limits.thresholds }
    /// How much closer an image must be to a category than to the neutral descriptions.
    public var neutralMargin: Float { limits.neutralMargin }

    /// Creates a classifier with the thresholds and the neutral margin of a category file.
    ///
    /// - Parameters:
    ///   - file: The file that `bank` was made from; thresholds and margin may have changed since.
    ///   - bank: The vectors of the file's prompts.
    ///   - rule: Scores each image against each category.
    /// - Precondition: The file and the bank have the same categories, and a rule of one's own has an identifier of its own.
    public init(_ file: CategoryFile, bank: PromptBank, rule: some ScoringRule) {
        precondition(
            rule is any CategoryFileRule || !RuleChoice.owns(rule.identifier),
            "'\(rule.identifier)' is the identifier of a category file's rule"
        )
        let definitions = file.categories.map { ScoreDefinition($0, in: file, rule) }
        self.init(file, bank: bank, rule: rule, definitions: definitions)
    }

    init(_ file: CategoryFile, bank: PromptBank, rule: some ScoringRule, definitions: [ScoreDefinition]) {
        precondition(
            file.categories.map(\.name) == bank.layout.categories.map(\.name),
            "the bank was made from other categories"
        )
        self.bank = bank
        self.rule = rule
        self.limits = DecisionLimits(file)
        self.definitions = definitions
    }

    /// Classifies a block of images, with one matrix product.
    ///
    /// Memory grows with the block: `images × (columns + categories)` numbers. Some thousands of images at a time are
    /// fastest.
    ///
    /// - Parameter images: Unit vectors of the bank's dimension.
    /// - Returns: Evidence and an outcome for each image and category.
    /// - Throws: ``CLIPError`` with code `modelMismatch` when the dimensions differ, `invalidEmbeddings` when a score,
    ///   or a part of it, is not finite.
    public func classify(_ images: EmbeddingMatrix) throws -> Decisions {
        try decide(score(images))
    }

    /// The evidence for each image and category, image by image, without comparing it with thresholds.
    ///
    /// - Throws: ``CLIPError`` with code `modelMismatch` when the dimensions differ.
    public func score(_ images: EmbeddingMatrix) throws -> [Evidence] {
        try score(similarities(images, includingPrompts: rule.usesPromptVectors))
    }

    /// The cosines of a block of images with the bank's vectors.
    ///
    /// - Parameters:
    ///   - images: Unit vectors of the bank's dimension.
    ///   - includingPrompts: Whether to compare with each single prompt too, not only with prompt sets.
    /// - Returns: What a rule scores.
    /// - Throws: ``CLIPError`` with code `modelMismatch` when the dimensions differ.
    public func similarities(_ images: EmbeddingMatrix, includingPrompts: Bool) throws -> Similarities {
        guard images.dimension == bank.vectors.dimension else {
            throw CLIPError(
                .modelMismatch,
                "The embeddings have \(images.dimension) dimensions and the prompts \(bank.vectors.dimension): "
                    + "they come from different models."
            )
        }
        return Similarities(images, bank, promptColumns: includingPrompts)
    }

    /// The evidence for each image and category, from cosines that were computed already.
    ///
    /// - Precondition: The cosines are with this bank, and with single prompts where the rule asks for them.
    public func score(_ similarities: Similarities) -> [Evidence] {
        let evidence = rule.score(similarities)
        precondition(
            evidence.count == similarities.imageCount * thresholds.count,
            "a rule returns one item of evidence for each image and category"
        )
        return evidence
    }

    /// Compares evidence with the thresholds and the neutral margin.
    ///
    /// - Parameter evidence: What ``score(_:)-(EmbeddingMatrix)`` returned, for the same categories.
    /// - Returns: The evidence and an outcome for each image and category.
    /// - Throws: ``CLIPError`` with code `invalidEmbeddings` when a score, or a part of it, is not finite.
    public func decide(_ evidence: [Evidence]) throws -> Decisions {
        try limits.decide(evidence)
    }
}
