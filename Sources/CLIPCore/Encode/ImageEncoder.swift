/// Turns preprocessed images into unit vectors.
///
/// `EmbeddingRun` calls an encoder from one task at a time. A conformer that blocks while it computes must do so on an
/// ``InferenceThread``, not on the calling thread.
public protocol ImageEncoder: Sendable {
    /// The model behind the encoder: its identity, dimension and preprocessing.
    var model: ModelDescription { get }

    /// Encodes a batch.
    ///
    /// - Parameter batch: Images of the size that the preprocessing of ``model`` specifies.
    /// - Returns: `batch.count` vectors of length 1, in batch order.
    /// - Throws: ``CLIPError`` with code `outOfMemory` if the batch does not fit into memory: it is then encoded in parts;
    ///   `inference` if the model fails.
    func encode(_ batch: ImageBatch) async throws -> EmbeddingMatrix
}
