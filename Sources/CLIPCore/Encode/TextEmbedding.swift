/// Turns texts into unit vectors of the space that a model's image encoder uses.
///
/// ``TextEmbedder`` does so with a tokenizer and a text encoder, `LazyTextEmbedder` only when it has to.
public protocol TextEmbedding: Sendable {
    /// The model whose vectors these are.
    var model: ModelDescription { get }

    /// Embeds texts.
    ///
    /// - Parameter texts: The texts, which may be empty and may repeat.
    /// - Returns: A matrix of `texts.count` × D values, D being the model's dimension: row i is the vector of text i and has
    ///   length 1.
    /// - Throws: ``CLIPError`` with code `invalidModel`, `device` or `missingLibrary` when the model cannot be used, `inference`
    ///   when it fails; `CancellationError`.
    func embed(_ texts: [String]) async throws -> EmbeddingMatrix
}

/// Vectors of texts that were embedded before by one and the same encoder.
///
/// Calls may come from several threads at once.
package protocol TextVectorStore: Sendable {
    /// Looks texts up.
    ///
    /// - Returns: As many results as texts, in their order: a vector of length D, the encoder's dimension, bit by bit as the
    ///   encoder gave it, or `nil` for a text that is not known.
    func vectors(of texts: [String]) -> [[Float]?]

    /// Adds vectors.
    ///
    /// That they cannot be kept is no error: they are made again.
    ///
    /// - Parameters:
    ///   - vectors: `texts.count` × D values; row i is the vector of text i.
    ///   - texts: The texts, each different.
    func remember(_ vectors: EmbeddingMatrix, of texts: [String])
}
