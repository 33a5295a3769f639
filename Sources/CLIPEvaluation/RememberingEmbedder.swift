internal import CLIPCore
internal import Synchronization

/// Embeds no text twice.
final class RememberingEmbedder: TextEmbedding {
    private let embedder: any TextEmbedding
    // By bytes: a tokenizer may tell apart what Unicode calls equivalent.
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
