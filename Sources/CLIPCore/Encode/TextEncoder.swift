/// Turns token ids into unit vectors in the embedding space of the model's image encoder.
public protocol TextEncoder: Sendable {
    /// The model behind the encoder: its identity and dimension.
    var model: ModelDescription { get }

    /// Encodes a batch of tokenised texts.
    ///
    /// - Returns: `tokens.count` vectors of length 1, in batch order.
    /// - Throws: ``CLIPError`` with code `inference` if the model fails.
    func encode(_ tokens: TokenBatch) async throws -> EmbeddingMatrix
}
