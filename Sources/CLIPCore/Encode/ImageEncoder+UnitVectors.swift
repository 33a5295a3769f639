extension ImageEncoder {
    /// Encodes a batch and checks the vectors.
    ///
    /// - Parameters:
    ///   - batch: The images, and what the batch is filled up with.
    ///   - count: How many of the first images are wanted.
    /// - Returns: The vector of each image that is wanted, or why it has none of length 1.
    /// - Throws: What the encoder throws; ``CLIPError`` with code `inference` when it does not keep its contract: it returns
    ///   vectors of another number or length, or none of several images has a unit vector.
    package func vectors(of batch: ImageBatch, count: Int) async throws -> [Result<[Float], CLIPError>] {
        let embeddings = try await encode(batch)
        try model.requireShape(of: embeddings, count: batch.count)
        let vectors = (0..<count).map { row -> Result<[Float], CLIPError> in
            let norm = embeddings.norm(row: row)
            guard abs(norm - 1) <= Float(EmbeddingMatrix.unitLengthTolerance) else {
                return .failure(
                    CLIPError(.inference, "The model gave the image a vector of length \(norm) instead of 1.")
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
