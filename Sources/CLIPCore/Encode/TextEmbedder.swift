/// A tokenizer and the text encoder it belongs to: texts in, unit vectors out.
public struct TextEmbedder: TextEmbedding {
    /// Turns texts into the encoder's token ids.
    package let tokenizer: any Tokenizer
    /// Turns token ids into vectors.
    package let encoder: any TextEncoder
    /// How many texts are encoded at a time.
    ///
    /// More are faster on a GPU; the last bits of a vector then depend on the other texts, in models of 8-bit integers more.
    package let batchSize: Int

    /// The encoder's model.
    public var model: ModelDescription { encoder.model }

    /// Joins a tokenizer and an encoder of the same model.
    public init(tokenizer: any Tokenizer, encoder: any TextEncoder, batchSize: Int = 64) {
        precondition(batchSize > 0, "a batch holds at least one text")
        self.tokenizer = tokenizer
        self.encoder = encoder
        self.batchSize = batchSize
    }

    /// Embeds texts.
    ///
    /// - Returns: A matrix of `texts.count` × D values, D being the encoder's dimension: row i is the vector of text i and has
    ///   length 1.
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
