package import CLIPCore
internal import Synchronization

/// Embeds texts and loads the model only when a text is not in the vector store.
///
/// Each text is encoded separately, so that its vector does not depend on which other texts are cached: padding and
/// batch size change the order of summation, and int8 models quantise over a whole batch. Only long lists are encoded in
/// batches, which is several times as fast; they are cached as a whole.
package final class LazyTextEmbedder: TextEmbedding {
    /// The model that is loaded on demand.
    package let model: ModelDescription
    private let store: (any TextVectorStore)?
    private let load: @Sendable () async throws -> (tokenizer: any Tokenizer, encoder: any TextEncoder)
    private let loading = Mutex<Task<TextEmbedder, any Error>?>(nil)

    /// The number of texts that are looked up and encoded together, and that an interruption can lose.
    private static let textsAtATime = 4096
    /// The number of texts of a long list that are encoded together.
    private static let batchSize = 64

    /// Creates an embedder for a model that is not loaded yet.
    ///
    /// - Parameters:
    ///   - model: The model that `load` loads.
    ///   - store: Vectors that this encoder produced earlier; `nil` encodes every text.
    ///   - load: Loads the model. Called in its own task when the first text must be encoded, and again only if it
    ///     throws.
    package init(
        model: ModelDescription,
        store: (any TextVectorStore)? = nil,
        load: @escaping @Sendable () async throws -> (tokenizer: any Tokenizer, encoder: any TextEncoder)
    ) {
        self.model = model
        self.store = store
        self.load = load
    }

    /// Embeds texts; repeated texts are embedded once.
    ///
    /// - Parameter texts: The texts, which may be empty and may repeat.
    /// - Returns: A matrix of `texts.count × D` values, where D is the model's dimension. Row i is the unit vector of
    ///   text i.
    /// - Throws: What loading the model, the tokenizer and the encoder throw; `CancellationError` between texts.
    package func embed(_ texts: [String]) async throws -> EmbeddingMatrix {
        // Compare by bytes: a tokenizer may distinguish texts that Unicode considers equivalent.
        var vectors = [[UInt8]: [Float]]()
        for start in stride(from: 0, to: texts.count, by: Self.textsAtATime) {
            let block = texts[start..<min(start + Self.textsAtATime, texts.count)]
            var unknown = [String]()
            for (text, vector) in zip(block, knownVectors(of: Array(block))) {
                let bytes = Array(text.utf8)
                guard vectors[bytes] == nil else { continue }
                if vector == nil { unknown.append(text) }
                vectors[bytes] = vector ?? []
            }
            guard !unknown.isEmpty else { continue }
            let encoded = try await encode(unknown)
            precondition(encoded.dimension == model.embeddingDimension, "the encoder must belong to the model")
            store?.remember(encoded, of: unknown)
            for (row, text) in unknown.enumerated() { vectors[Array(text.utf8)] = encoded[row: row] }
        }
        var result = EmbeddingMatrix(dimension: model.embeddingDimension, capacity: texts.count)
        for text in texts { result.append(vectors[Array(text.utf8)] ?? []) }
        return result
    }

    /// Encodes texts one by one, or a long list in batches of texts of similar length.
    private func encode(_ texts: [String]) async throws -> EmbeddingMatrix {
        let single = try await embedder()
        guard texts.count >= TextVectorCache.longList else { return try await single.embed(texts) }
        let embedder = TextEmbedder(tokenizer: single.tokenizer, encoder: single.encoder, batchSize: Self.batchSize)
        let order = texts.indices.sorted { (texts[$0].utf8.count, $0) < (texts[$1].utf8.count, $1) }
        let sorted = try await embedder.embed(order.map { texts[$0] })
        var places = [Int](repeating: 0, count: texts.count)
        for (place, index) in order.enumerated() { places[index] = place }
        var encoded = EmbeddingMatrix(dimension: sorted.dimension, capacity: texts.count)
        for place in places { encoded.append(sorted[row: place]) }
        return encoded
    }

    private func knownVectors(of texts: [String]) -> [[Float]?] {
        guard let store else { return texts.map { _ in nil } }
        let vectors = store.vectors(of: texts)
        precondition(vectors.count == texts.count, "the vector store must return one result per text")
        precondition(
            vectors.allSatisfy { $0.map { $0.count == model.embeddingDimension } ?? true },
            "stored vectors must have the model's dimension"
        )
        return vectors
    }

    /// The loaded model; concurrent callers wait while it is loaded, whichever executor they run on.
    private func embedder() async throws -> TextEmbedder {
        let task = loading.withLock { loading in
            if let loading { return loading }
            let task = Task.detached { [load] in
                let (tokenizer, encoder) = try await load()
                return TextEmbedder(tokenizer: tokenizer, encoder: encoder, batchSize: 1)
            }
            loading = task
            return task
        }
        do {
            return try await task.value
        } catch {
            loading.withLock { if $0 == task { $0 = nil } }
            throw error
        }
    }
}
