internal import Synchronization

/// Embeds texts with a model that is loaded when the first text has to be encoded, which no store of vectors knows.
///
/// Each text is encoded by itself, so that its vector does not depend on which others are known: padding and the size of a
/// batch change the order of sums, and models of 8-bit integers quantise over a whole batch.
package final class LazyTextEmbedder: TextEmbedding {
    /// The model that is loaded when it is needed.
    package let model: ModelDescription
    private let store: (any TextVectorStore)?
    private let load: @Sendable () async throws -> (tokenizer: any Tokenizer, encoder: any TextEncoder)
    private let loading = Mutex<Task<TextEmbedder, any Error>?>(nil)

    /// What an interruption loses at most.
    private static let textsAtATime = 4096

    /// Joins a model that is not loaded yet and a store of vectors.
    ///
    /// - Parameters:
    ///   - model: The model that `load` loads.
    ///   - store: Vectors that this encoder made before; `nil` has every text encoded.
    ///   - load: Loads the model. Called when the first text has to be encoded, in a task of its own, and again only if it throws.
    package init(
        model: ModelDescription,
        store: (any TextVectorStore)? = nil,
        load: @escaping @Sendable () async throws -> (tokenizer: any Tokenizer, encoder: any TextEncoder)
    ) {
        self.model = model
        self.store = store
        self.load = load
    }

    /// Embeds texts, each different one once.
    ///
    /// - Parameter texts: The texts, which may be empty and may repeat.
    /// - Returns: A matrix of `texts.count` × D values, D being the model's dimension: row i is the vector of text i and has length 1.
    /// - Throws: What loading the model, the tokenizer and the encoder throw; `CancellationError` between texts.
    package func embed(_ texts: [String]) async throws -> EmbeddingMatrix {
        // By bytes: a tokenizer may tell apart what Unicode calls equivalent.
        var vectors = [[UInt8]: [Float]]()
        var unknown = [String]()
        for (text, vector) in zip(texts, knownVectors(of: texts)) {
            let bytes = Array(text.utf8)
            guard vectors[bytes] == nil else { continue }
            if vector == nil { unknown.append(text) }
            vectors[bytes] = vector ?? []
        }
        for start in stride(from: 0, to: unknown.count, by: Self.textsAtATime) {
            let block = Array(unknown[start..<min(start + Self.textsAtATime, unknown.count)])
            let encoded = try await embedder().embed(block)
            precondition(encoded.dimension == model.embeddingDimension, "the encoder is of the model that was given")
            store?.remember(encoded, of: block)
            for (row, text) in block.enumerated() { vectors[Array(text.utf8)] = encoded[row: row] }
        }
        var result = EmbeddingMatrix(dimension: model.embeddingDimension, capacity: texts.count)
        for text in texts { result.append(vectors[Array(text.utf8)] ?? []) }
        return result
    }

    private func knownVectors(of texts: [String]) -> [[Float]?] {
        guard let store else { return texts.map { _ in nil } }
        let vectors = store.vectors(of: texts)
        precondition(vectors.count == texts.count, "a store of vectors gives as many results as there are texts")
        precondition(
            vectors.allSatisfy { $0.map { $0.count == model.embeddingDimension } ?? true },
            "a store's vectors have the dimension of the model"
        )
        return vectors
    }

    /// The model; others wait while it is loaded, whichever executor they run on.
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
