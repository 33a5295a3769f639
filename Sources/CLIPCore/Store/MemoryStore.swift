internal import Synchronization

/// A store that keeps everything in memory, for small data sets and tests.
///
/// ```swift
/// let store = MemoryStore(model: encoder.model)
/// try await EmbeddingRun(source: source, decoder: decoder, encoder: encoder, writer: store).run()
/// store.block.ids  // the ids of the embedded images, in source order
/// ```
///
/// It can be read while a run writes to it: each call reads the current contents.
public final class MemoryStore: EmbeddingWriter, EmbeddingReader {
    private struct State {
        var block: EmbeddingBlock
        /// The ids of all rows, and of some removed ones.
        var ids: ImageIDSet
        var failures = [FailedImage]()
        var ending: RunEnding?
    }

    /// The store's name in error messages.
    public let name = "memory"
    /// How the vectors were made.
    public let provenance: Provenance
    private let state: Mutex<State>

    /// Creates an empty store for vectors of a model.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - decoder: Decodes the images; ``ImageDecoder/postprocessing`` becomes part of the provenance.
    public convenience init(model: ModelDescription, decoder: (any ImageDecoder)? = nil) {
        self.init(
            provenance: Provenance(model, decoder: decoder),
            block: EmbeddingBlock(ids: [], embeddings: EmbeddingMatrix(dimension: model.embeddingDimension))
        )
    }

    /// Creates a store from vectors in memory.
    ///
    /// - Precondition: The vectors have the dimension of the provenance.
    public init(provenance: Provenance, block: EmbeddingBlock) {
        precondition(block.embeddings.dimension == provenance.dimension, "the vectors must have the store's dimension")
        self.provenance = provenance
        self.state = Mutex(State(block: block, ids: ImageIDSet(block.ids)))
    }

    /// All ids and vectors.
    public var block: EmbeddingBlock { state.withLock(\.block) }

    /// The number of vectors.
    public var count: Int { state.withLock(\.block.ids.count) }

    /// The images that failed in the last run, in source order; those without a unit vector follow others of their batch.
    public var failures: [FailedImage] { state.withLock(\.failures) }

    /// How the last run ended, or `nil` if it has not.
    package var ending: RunEnding? { state.withLock(\.ending) }

    /// Calls `body` with consecutive blocks of at most `rows` vectors.
    ///
    /// - Throws: ``CLIPError`` if a vector is not of unit length; what `body` throws.
    public func forEachBlock(rows: Int, _ body: (EmbeddingBlock) throws -> Void) throws {
        precondition(rows > 0, "the number of rows must be positive")
        let all = block
        for start in stride(from: 0, to: all.ids.count, by: rows) {
            var part = all.rows(start..<min(start + rows, all.ids.count))
            try part.requireUnitLength(store: name)
            try body(part)
        }
    }
}

extension MemoryStore {
    /// The images that earlier runs embedded.
    ///
    /// Starts a new run and clears the failures of the last one.
    public func storedImages() -> StoredImages {
        state.withLock { state in
            state.failures = []
            state.ending = nil
            var stored = StoredImages()
            for (row, id) in state.block.ids.enumerated() {
                let origin = state.block.origins.isEmpty ? ImageOrigin() : state.block.origins[row]
                stored.insert(id: id, version: origin.version, contentHash: origin.contentHash)
            }
            return stored
        }
    }

    /// Stores vectors.
    ///
    /// A vector replaces an existing one with the same id.
    ///
    /// - Throws: ``CLIPError`` with code `invalidEmbeddings` if an id occurs twice in the block, of which nothing is then
    ///   stored.
    /// - Precondition: The vectors have the store's dimension.
    public func append(_ block: EmbeddingBlock) throws {
        let keys = try block.distinctKeys(store: name)
        precondition(block.embeddings.dimension == provenance.dimension, "the vectors must have the store's dimension")
        state.withLock { state in
            if keys.contains(where: { state.ids.contains($0) }) {
                state.block.removeRows { keys.contains(ImageIDKey($0)) }
            }
            for key in keys { state.ids.insert(key) }
            state.block.append(block)
        }
    }

    /// Records a failed image and removes its vector unless it is kept.
    public func recordFailure(_ image: FailedImage) {
        state.withLock { state in
            state.failures.append(image)
            guard !image.keepsVector, state.ids.contains(image.id) else { return }
            let failed = ImageIDSet([image.id])
            state.block.removeRows { failed.contains($0) }
        }
    }

    /// Removes the vectors of images whose ids are not in `ids`.
    ///
    /// - Returns: The number of removed vectors.
    public func removeImages(notIn ids: ImageIDSet) -> Int {
        state.withLock { state in
            let count = state.block.ids.count
            state.block.removeRows { !ids.contains($0) }
            return count - state.block.ids.count
        }
    }

    /// Marks the run as ended.
    public func finish(_ ending: RunEnding) {
        state.withLock { $0.ending = ending }
    }
}
