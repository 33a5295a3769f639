/// The vectors of a category file: one unit vector for each prompt set and one for each prompt.
///
/// A prompt set (the positive or the negative descriptions of a category, or the neutral ones) becomes one vector:
/// normalise each sentence's vector, take the mean, normalise. With templates, a set's sentences are all descriptions in
/// all templates, and a prompt's vector is made in the same way from its own sentences. This is the prompt ensemble of
/// Radford et al. (2021), as open_clip's `build_zero_shot_classifier` computes it.
///
/// ```swift
/// let bank = try await PromptBank(file, embedder: TextEmbedder(tokenizer: tokenizer, encoder: encoder))
/// let classifier = Classifier(file, bank: bank, rule: .contrast)
/// ```
public struct PromptBank: Sendable {
    /// Which row of ``vectors`` stands for what.
    public let layout: PromptLayout
    /// Unit vectors; first one for each prompt set, then one for each prompt.
    public let vectors: EmbeddingMatrix
    /// For each row of ``vectors`` the length of the mean before its last normalisation, 0…1.
    ///
    /// It says how much the sentences agree: 1 when all point the same way, near 0 when they cancel out.
    public let agreement: [Float]

    /// Embeds the sentences of a category file.
    ///
    /// - Throws: What the embedder throws, and ``CLIPError`` with code `invalidEmbeddings` when sentences of a prompt set
    ///   cancel out, or a vector is zero or not finite.
    public init(_ file: CategoryFile, embedder: TextEmbedder) async throws {
        try await self.init(file) { try await embedder.embed($0) }
    }

    /// Embeds the sentences of a category file with any function from texts to vectors.
    ///
    /// - Parameters:
    ///   - file: The categories.
    ///   - embed: Returns one vector a text, in their order, of any length but zero. Called once, with each different
    ///     sentence once.
    /// - Throws: What `embed` throws, and ``CLIPError`` with code `invalidEmbeddings`.
    public init(
        _ file: CategoryFile,
        embed: (_ texts: [String]) async throws -> EmbeddingMatrix
    ) async throws {
        let layout = PromptLayout(file)
        // By bytes: a tokenizer may tell apart what Unicode calls equivalent.
        var indices = [[UInt8]: Int]()
        var sentences = [String]()
        for sentence in layout.prompts.lazy.flatMap(\.sentences) where indices[Array(sentence.utf8)] == nil {
            indices[Array(sentence.utf8)] = sentences.count
            sentences.append(sentence)
        }
        var embeddings = try await embed(sentences)
        precondition(embeddings.count == sentences.count, "there is one vector for each text")
        do {
            try embeddings.normalizeRows()
        } catch {
            throw CLIPError(.invalidEmbeddings, "The text encoder gave a description no direction.", cause: error)
        }

        var vectors = EmbeddingMatrix(dimension: embeddings.dimension, capacity: layout.rowCount)
        var agreement = [Float]()
        for group in layout.rowGroups {
            let rows = group.prompts.flatMap { layout.prompts[$0].sentences.compactMap { indices[Array($0.utf8)] } }
            let mean = embeddings.mean(ofRows: rows)
            agreement.append(mean.norm(row: 0))
            guard mean.norm(row: 0) > 1e-6 else {
                throw CLIPError(
                    .invalidEmbeddings,
                    "The descriptions of \(group.name) cancel each other out: their mean has no direction. Change them."
                )
            }
            vectors.append(contentsOf: mean)
        }
        try vectors.normalizeRows()
        self.layout = layout
        self.vectors = vectors
        self.agreement = agreement
    }
}

extension EmbeddingMatrix {
    /// The mean of some rows as a matrix of one row, summed in 64-bit.
    fileprivate func mean(ofRows rows: [Int]) -> EmbeddingMatrix {
        var sum = [Double](repeating: 0, count: dimension)
        for row in rows {
            for column in 0..<dimension {
                sum[column] += Double(values[row * dimension + column])
            }
        }
        return EmbeddingMatrix(dimension: dimension, values: sum.map { Float($0 / Double(rows.count)) })
    }
}
