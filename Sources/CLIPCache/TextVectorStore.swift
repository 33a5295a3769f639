package import CLIPCore

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
