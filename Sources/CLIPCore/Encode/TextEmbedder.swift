/// A tokenizer and its text encoder, which together turn texts into unit vectors.
public struct TextEmbedder: TextEmbedding {
    /// Turns texts into the encoder's token ids.
    package let tokenizer: any Tokenizer
    /// Turns token ids into vectors.
    package let encoder: any TextEncoder
    /// How many texts are encoded in one batch.
    ///
    /// Larger batches are faster on a GPU, but the last bits of a vector then depend on the other texts, more so for
    /// int8 models.
    package let batchSize: Int

    /// The encoder's model.
    public var model: ModelDescription { encoder.model }

    /// Combines a tokenizer and an encoder of the same model.
    public init(tokenizer: any Tokenizer, encoder: any TextEncoder, batchSize: Int = 64) {
        precondition(batchSize > 0, "the batch size must be positive")
        self.tokenizer = tokenizer
        self.encoder = encoder
        self.batchSize = batchSize
    }

    /// Embeds texts.
    ///
    /// - Returns: A matrix of `texts.count × D` values, where D is the encoder's dimension. Row i is the unit vector of
    ///   text i.
    /// - Throws: What the tokenizer and the encoder throw; `CancellationError` between batches.
    public func embed(_ texts: [String]) async throws -> EmbeddingMatrix {
        var result = EmbeddingMatrix(dimension: encoder.model.embeddingDimension, capacity: texts.count)
        for start in stride(from: 0, to: texts.count, by: batchSize) {
            try Task.checkCancellation()
            let batch = try tokenizer.batch(Array(texts[start..<min(start + batchSize, texts.count)]))
            let embeddings = try await encoder.encode(batch)
            try encoder.model.requireShape(of: embeddings, count: batch.count)
            result.append(contentsOf: embeddings)
        }
        return result
    }
}
