internal import CLIPCore
internal import Synchronization

/// A text embedder that caches vectors, so that no text is embedded twice.
final class RememberingEmbedder: TextEmbedding {
    private let embedder: any TextEmbedding
    // Keyed by bytes, because a tokenizer may distinguish canonically equivalent texts.
    private let vectors = Mutex<[[UInt8]: [Float]]>([:])

    init(_ embedder: any TextEmbedding) {
        self.embedder = embedder
    }

    var model: ModelDescription { embedder.model }

    func embed(_ texts: [String]) async throws -> EmbeddingMatrix {
        let known = vectors.withLock { $0 }
        let new = texts.filter { known[Array($0.utf8)] == nil }
        let embedded = new.isEmpty ? nil : try await embedder.embed(new)
        return vectors.withLock { vectors in
            for (row, text) in new.enumerated() { vectors[Array(text.utf8)] = embedded?[row: row] }
            return EmbeddingMatrix(
                dimension: model.embeddingDimension,
                values: texts.flatMap { vectors[Array($0.utf8)] ?? [] }
            )
        }
    }
}
