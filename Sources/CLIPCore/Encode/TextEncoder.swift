/// Turns token ids into unit vectors of the space that the model's image encoder uses.
public protocol TextEncoder: Sendable {
    /// The model behind the encoder: its identity and dimension.
    var model: ModelDescription { get }

    /// Encodes a batch of tokenised texts.
    ///
    /// - Returns: `tokens.count` vectors of length 1, in the order of the batch.
    /// - Throws: ``CLIPError`` with code `inference` when the model fails.
    func encode(_ tokens: TokenBatch) async throws -> EmbeddingMatrix
}
