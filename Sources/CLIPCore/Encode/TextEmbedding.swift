/// Turns texts into unit vectors of the space that a model's image encoder uses.
///
/// ``TextEmbedder`` does so with a tokenizer and a text encoder, ``LazyTextEmbedder`` only when it has to.
public protocol TextEmbedding: Sendable {
    /// Embeds texts.
    ///
    /// - Returns: One vector of length 1 for each text, in their order.
    /// - Throws: ``CLIPError`` when the model cannot be used or fails.
    func embed(_ texts: [String]) async throws -> EmbeddingMatrix
}

/// Vectors of texts that were embedded before by one and the same encoder.
public protocol TextVectorStore: Sendable {
    /// The vectors of texts that are known, bit by bit as the encoder gave them, and `nil` for the others.
    func vectors(of texts: [String]) -> [[Float]?]

    /// Adds vectors, one for each text.
    ///
    /// That they cannot be kept is no error: they are made again.
    func remember(_ vectors: EmbeddingMatrix, of texts: [String])
}
