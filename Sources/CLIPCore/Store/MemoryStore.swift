/// A store that keeps everything in memory, for small sets and for tests.
public actor MemoryStore: EmbeddingWriter {
    private let provenance: Provenance
    private var rows = [Row]()
    /// The ids of all rows, and of some that were removed.
    private var stored = ImageIDSet()
    /// The images that failed in the last run, in the order of the source.
    public private(set) var failures = [FailedImage]()
    /// How the last run ended, or `nil` before it did.
    public private(set) var ending: RunEnding?

    private struct Row {
        let id: String
        let vector: [Float]
        let origin: ImageOrigin
    }

    /// Creates an empty store for vectors of a model.
    public init(model: ModelDescription) {
        provenance = Provenance(model)
    }

    /// The images that earlier runs stored.
    ///
    /// Starts a new run: the failures of the last one are forgotten.
    public func storedImages() -> StoredImages {
        failures = []
        ending = nil
        return rows.reduce(into: StoredImages()) { stored, row in
            stored.insert(id: row.id, version: row.origin.version, contentHash: row.origin.contentHash)
        }
    }

    /// Stores vectors.
    public func append(_ block: EmbeddingBlock) {
        let ids = ImageIDSet(block.ids)
        if block.ids.contains(where: stored.contains) { rows.removeAll { ids.contains($0.id) } }
        for (row, id) in block.ids.enumerated() {
            stored.insert(id)
            let origin = block.origins.isEmpty ? ImageOrigin() : block.origins[row]
            rows.append(Row(id: id, vector: Array(block.embeddings[row: row]), origin: origin))
        }
    }

    /// Records an image that could not be embedded, and removes its vector unless that stays.
    public func recordFailure(_ image: FailedImage) {
        failures.append(image)
        guard !image.keepsVector else { return }
        let ids = ImageIDSet([image.id])
        rows.removeAll { ids.contains($0.id) }
    }

    /// Removes the vectors of images that are not among `ids`.
    ///
    /// - Returns: How many were removed.
    public func removeImages(notIn ids: ImageIDSet) -> Int {
        let count = rows.count
        rows.removeAll { !ids.contains($0.id) }
        return count - rows.count
    }

    /// Marks the run as over.
    public func finish(_ ending: RunEnding) {
        self.ending = ending
    }

    /// What is stored now, for reading.
    public func contents() -> MemoryEmbeddings {
        let embeddings = EmbeddingMatrix(dimension: provenance.dimension, values: rows.flatMap(\.vector))
        let block = EmbeddingBlock(ids: rows.map(\.id), embeddings: embeddings, origins: rows.map(\.origin))
        return MemoryEmbeddings(provenance: provenance, block: block)
    }
}

/// Stored vectors in memory.
public struct MemoryEmbeddings: EmbeddingReader {
    /// What error messages call the store.
    public let name = "memory"
    /// Where the vectors come from.
    public let provenance: Provenance
    /// All ids and vectors.
    public let block: EmbeddingBlock

    /// Number of vectors.
    public var count: Int { block.ids.count }

    /// Wraps vectors that are in memory already.
    public init(provenance: Provenance, block: EmbeddingBlock) {
        self.provenance = provenance
        self.block = block
    }

    /// Calls `body` with consecutive blocks of at most `rows` vectors.
    ///
    /// - Throws: ``CLIPError`` when a vector is not of unit length; what `body` throws.
    public func forEachBlock(rows: Int, _ body: (EmbeddingBlock) throws -> Void) throws {
        precondition(rows > 0, "a block has at least one row")
        for start in stride(from: 0, to: count, by: rows) {
            let part = block.rows(start..<min(start + rows, count))
            try part.requireUnitLength(store: name)
            try body(part)
        }
    }
}
