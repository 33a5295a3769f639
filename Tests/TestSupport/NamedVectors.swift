package import CLIPCore

/// Descriptions whose vectors a test knows, in the place of a text encoder.
package struct NamedVectors: Sendable {
    private let vectors: [String: [Float]]
    private let dimension: Int

    /// Names unit vectors of one dimension; other texts get a zero vector.
    package init(_ vectors: [String: [Float]], dimension: Int) {
        self.vectors = vectors
        self.dimension = dimension
    }

    /// The three axes of space.
    package static let axes = NamedVectors(["x": [1, 0, 0], "y": [0, 1, 0], "z": [0, 0, 1]], dimension: 3)

    /// Unit vectors in four dimensions; `all` leans equally on each.
    package static let animals = NamedVectors(
        ["dog": [1, 0, 0, 0], "cat": [0, 1, 0, 0], "any": [0, 0, 1, 0], "all": [0.5, 0.5, 0.5, 0.5]],
        dimension: 4
    )

    package func bank(_ file: CategoryFile, exemplars: Exemplars? = nil) async throws -> PromptBank {
        try await PromptBank(file, exemplars: exemplars, dimension: dimension) { texts in
            EmbeddingMatrix(
                dimension: dimension,
                values: texts.flatMap { vectors[$0] ?? [Float](repeating: 0, count: dimension) }
            )
        }
    }

    /// Labelled images with these vectors, one after the other.
    package func images(_ values: [Float]) -> EmbeddingBlock {
        let embeddings = EmbeddingMatrix(dimension: dimension, values: values)
        return EmbeddingBlock(ids: (0..<embeddings.count).map { "image \($0)" }, embeddings: embeddings)
    }
}
