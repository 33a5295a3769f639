/// Decides which categories images belong to, from their embeddings alone.
///
/// A rule computes scores; the classifier compares them with limits. An image belongs to a category if
/// `score ≥ threshold` and, if the rule provides a neutral similarity, `positive − neutral ≥ margin`. Equality counts
/// as a match.
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
    /// What the scores depend on, and what they are compared with.
    package let basis: DecisionBasis

    /// The thresholds and margin that scores are compared with.
    package var limits: DecisionLimits { basis.limits }
    /// What each category's scores depend on, for result files.
    package var definitions: [ScoreDefinition] { basis.definitions }
    /// The score at or above which an image belongs to a category, for each category.
    package var thresholds: [Float] { limits.thresholds }
    /// How much closer an image must be to a category than to the neutral descriptions.
    package var neutralMargin: Float { limits.neutralMargin }

    init(bank: PromptBank, rule: any ScoringRule, basis: DecisionBasis) {
        self.bank = bank
        self.rule = rule
        self.basis = basis
    }

    /// Classifies images with one matrix product.
    ///
    /// Memory grows with the number of images: `images × (columns + categories)` numbers. A few thousand at a time are
    /// fastest.
    ///
    /// - Parameters:
    ///   - images: Unit vectors of the bank's dimension.
    ///   - ids: The images' ids; `nil` uses their indices.
    /// - Returns: Evidence and an outcome for each image and category.
    /// - Throws: ``CLIPError`` with code `modelMismatch` if the dimensions differ, or `invalidEmbeddings` if a vector
    ///   is not of unit length or a score or one of its components is not finite.
    /// - Precondition: `ids` has one element per vector.
    public func classify(_ images: EmbeddingMatrix, ids: [String]? = nil) throws -> Decisions {
        try decide(score(images), ids: ids)
    }

    /// Computes the evidence for each image and category without applying thresholds.
    ///
    /// - Parameter images: Unit vectors of the bank's dimension.
    /// - Returns: `images.count × categories` items, in row-major order.
    /// - Throws: ``CLIPError`` with code `modelMismatch` if the dimensions differ, or `invalidEmbeddings` if a vector
    ///   is not of unit length.
    public func score(_ images: EmbeddingMatrix) throws -> [Evidence] {
        if !images.isOfUnitLength, let row = images.firstRowNotOfUnitLength() {
            throw CLIPError(
                .invalidEmbeddings,
                "Vector \(row) has length \(images.norm(row: row)), not 1. "
                    + "Normalise the vectors before classifying them."
            )
        }
        return try score(unitVectors: images)
    }

    /// The evidence for vectors whose length was checked on reading.
    package func score(unitVectors images: EmbeddingMatrix) throws -> [Evidence] {
        try score(similarities(images, includingPrompts: rule.usesPromptVectors))
    }

    /// The cosine similarities of a block of images and the bank's vectors.
    ///
    /// - Parameters:
    ///   - images: Unit vectors of the bank's dimension.
    ///   - includingPrompts: Whether to compare with single prompts as well as prompt sets.
    /// - Returns: The input of a scoring rule.
    /// - Throws: ``CLIPError`` with code `modelMismatch` if the dimensions differ.
    package func similarities(_ images: EmbeddingMatrix, includingPrompts: Bool) throws -> Similarities {
        guard images.dimension == bank.vectors.dimension else {
            throw CLIPError(
                .modelMismatch,
                "The embeddings have \(images.dimension) dimensions, the prompts have \(bank.vectors.dimension): "
                    + "they come from different models."
            )
        }
        return Similarities(images, bank, promptColumns: includingPrompts)
    }

    /// The evidence for each image and category from precomputed cosine similarities.
    ///
    /// - Precondition: The similarities were computed with this bank, including single prompts if the rule needs them.
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
    ///   - evidence: The result of ``score(_:)`` by a classifier with the same descriptions and rules.
    ///   - ids: The images' ids; `nil` uses their indices.
    /// - Returns: The evidence and an outcome for each image and category.
    /// - Throws: ``CLIPError`` with code `invalidEmbeddings` if a score or one of its components is not finite.
    public func decide(_ evidence: [Evidence], ids: [String]? = nil) throws -> Decisions {
        try limits.decide(evidence, ids: ids, basis: basis)
    }
}
