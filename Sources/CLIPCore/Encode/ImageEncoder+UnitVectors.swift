extension ImageEncoder {
    /// Encodes a batch and checks the vectors.
    ///
    /// - Parameters:
    ///   - batch: The images, followed by any padding.
    ///   - count: The number of images, which come first in the batch.
    /// - Returns: For each image its vector, or the reason that it has no unit vector.
    /// - Throws: What the encoder throws; ``CLIPError`` with code `inference` if the encoder breaks its contract: it
    ///   returns a wrong number of vectors or a wrong dimension, or no unit vector for any of several images.
    package func vectors(of batch: ImageBatch, count: Int) async throws -> [Result<[Float], CLIPError>] {
        let embeddings = try await encode(batch)
        try model.requireShape(of: embeddings, count: batch.count)
        let vectors = (0..<count).map { row -> Result<[Float], CLIPError> in
            let norm = embeddings.norm(row: row)
            guard abs(norm - 1) <= Float(EmbeddingMatrix.unitLengthTolerance) else {
                return .failure(
                    CLIPError(.inference, "The model returned a vector of length \(norm), not 1, for the image.")
                )
            }
            return .success(embeddings[row: row])
        }
        if count > 1, vectors.allSatisfy({ (try? $0.get()) == nil }) {
            throw CLIPError(
                .inference,
                "The encoder of \(model.name) gave none of \(count) images a vector of length 1; that of the first has "
                    + "length \(embeddings.norm(row: 0)). An encoder returns unit vectors: divide each by its length."
            )
        }
        return vectors
    }
}
