/// Decides which categories images belong to, from their embeddings alone.
///
/// A rule scores; the classifier compares. An image belongs to a category when `score ≥ threshold` and, where the rule
/// gives a neutral similarity, `positive ≥ neutral + margin`. Equality counts as a match.
///
/// ```swift
/// let classifier = try Classifier(file, bank: bank)
/// let decisions = try classifier.classify(embeddings)
/// decisions[0].matches.map(\.name)  // ["dog"]
/// ```
public struct Classifier: Sendable {
    /// The categories and their vectors.
    public let bank: PromptBank
    /// Turns similarities into scores.
    package let rule: any ScoringRule
    /// What scores are compared with.
    package let limits: DecisionLimits
    /// What the scores of each category depend on, for result files.
    package let definitions: [ScoreDefinition]

    /// For each category the score from which an image belongs to it.
    package var thresholds: [Float] { limits.thresholds }
    /// How much closer an image must be to a category than to the neutral descriptions.
    package var neutralMargin: Float { limits.neutralMargin }

    init(bank: PromptBank, rule: any ScoringRule, limits: DecisionLimits, definitions: [ScoreDefinition]) {
        self.bank = bank
        self.rule = rule
        self.limits = limits
        self.definitions = definitions
    }

    /// Classifies images, with one matrix product.
    ///
    /// Memory grows with the images: `images × (columns + categories)` numbers. Some thousands at a time are fastest.
    ///
    /// - Parameters:
    ///   - images: Unit vectors of the bank's dimension.
    ///   - ids: The images' ids; `nil` for their positions.
    /// - Returns: Evidence and an outcome for each image and category.
    /// - Throws: ``CLIPError`` with code `modelMismatch` when the dimensions differ, `invalidEmbeddings` when a vector is not of
    ///   unit length, or a score, or a part of it, is not finite.
    /// - Precondition: There are as many ids as vectors.
    public func classify(_ images: EmbeddingMatrix, ids: [String]? = nil) throws -> Decisions {
        try limits.decide(score(images), ids: ids)
    }

    /// The evidence for each image and category, image by image, without comparing it with thresholds.
    ///
    /// - Parameter images: Unit vectors of the bank's dimension.
    /// - Returns: `images.count` × categories items, image by image.
    /// - Throws: ``CLIPError`` with code `modelMismatch` when the dimensions differ, `invalidEmbeddings` when a vector is not of
    ///   unit length.
    public func score(_ images: EmbeddingMatrix) throws -> [Evidence] {
        if !images.isOfUnitLength, let row = images.firstRowNotOfUnitLength() {
            throw CLIPError(
                .invalidEmbeddings,
                "Vector \(row) has the length \(images.norm(row: row)) instead of 1. Normalise the vectors before you classify them."
            )
        }
        return try score(unitVectors: images)
    }

    /// The evidence for vectors whose length was checked when they were read.
    package func score(unitVectors images: EmbeddingMatrix) throws -> [Evidence] {
        try score(similarities(images, includingPrompts: rule.usesPromptVectors))
    }

    /// The cosines of a block of images with the bank's vectors.
    ///
    /// - Parameters:
    ///   - images: Unit vectors of the bank's dimension.
    ///   - includingPrompts: Whether to compare with each single prompt too, not only with prompt sets.
    /// - Returns: What a rule scores.
    /// - Throws: ``CLIPError`` with code `modelMismatch` when the dimensions differ.
    package func similarities(_ images: EmbeddingMatrix, includingPrompts: Bool) throws -> Similarities {
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
    package func score(_ similarities: Similarities) -> [Evidence] {
        let evidence = rule.score(similarities)
        precondition(
            evidence.count == similarities.imageCount * thresholds.count,
            "a rule returns one item of evidence for each image and category"
        )
        return evidence
    }

    /// Compares evidence with the thresholds and the neutral margin.
    ///
    /// - Parameters:
    ///   - evidence: What ``score(_:)`` returned, for the same categories.
    ///   - ids: The images' ids; `nil` for their positions.
    /// - Returns: The evidence and an outcome for each image and category.
    /// - Throws: ``CLIPError`` with code `invalidEmbeddings` when a score, or a part of it, is not finite.
    public func decide(_ evidence: [Evidence], ids: [String]? = nil) throws -> Decisions {
        try limits.decide(evidence, ids: ids)
    }
}
