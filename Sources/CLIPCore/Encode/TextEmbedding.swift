/// Turns texts into unit vectors in the embedding space of a model's image encoder.
///
/// ``TextEmbedder`` uses a tokenizer and a text encoder.
public protocol TextEmbedding: Sendable {
    /// The model that the vectors belong to.
    var model: ModelDescription { get }

    /// Embeds texts.
    ///
    /// - Parameter texts: The texts, which may be empty and may repeat.
    /// - Returns: A matrix of `texts.count × D` values, where D is the model's dimension. Row i is the unit vector of
    ///   text i.
    /// - Throws: ``CLIPError`` with code `invalidModel`, `device` or `missingLibrary` if the model cannot be used, or
    ///   `inference` if it fails; `CancellationError`.
    func embed(_ texts: [String]) async throws -> EmbeddingMatrix
}

extension TextEmbedding {
    /// Embeds one text.
    ///
    /// - Returns: A unit vector of the model's dimension.
    /// - Throws: What ``embed(_:)-([String])`` throws.
    public func embed(_ text: String) async throws -> [Float] {
        try await embed([text])[row: 0]
    }
}
