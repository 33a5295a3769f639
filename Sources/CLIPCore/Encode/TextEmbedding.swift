/// Turns texts into unit vectors in the embedding space of a model's image encoder.
///
/// ``TextEmbedder`` uses a tokenizer and a text encoder; `LazyTextEmbedder` loads them only if needed.
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

/// Cached text vectors of a single encoder.
///
/// Safe to call from several threads at once.
package protocol TextVectorStore: Sendable {
    /// Looks up texts.
    ///
    /// - Returns: One result per text, in order: a vector of length D, the encoder's dimension, bit-identical to the
    ///   encoder's output, or `nil` for an unknown text.
    func vectors(of texts: [String]) -> [[Float]?]

    /// Adds vectors.
    ///
    /// Failing to store them is not an error: they are computed again when needed.
    ///
    /// - Parameters:
    ///   - vectors: `texts.count × D` values; row i is the vector of text i.
    ///   - texts: The texts, without repetitions.
    func remember(_ vectors: EmbeddingMatrix, of texts: [String])
}
