/// Turns preprocessed images into unit vectors.
///
/// `EmbeddingRun` calls an encoder from one task at a time. A conformer that blocks while it computes does so on an
/// ``InferenceThread``, not on the thread it is called on.
public protocol ImageEncoder: Sendable {
    /// The model behind the encoder: its identity, dimension and preprocessing.
    var model: ModelDescription { get }

    /// Encodes a batch.
    ///
    /// - Parameter batch: Images of the size that ``model``'s preprocessing names.
    /// - Returns: `batch.count` vectors of length 1, in the order of the batch.
    /// - Throws: ``CLIPError`` with code `inference` when the model fails.
    func encode(_ batch: ImageBatch) async throws -> EmbeddingMatrix
}
