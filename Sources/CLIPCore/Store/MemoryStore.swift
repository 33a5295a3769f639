/// A store that keeps everything in memory, for small sets and for tests.
public actor MemoryStore: EmbeddingWriter {
    private let provenance: Provenance
    private var ids = [String]()
    private var embeddings: EmbeddingMatrix
    /// The images that were rejected, in the order of the source.
    public private(set) var rejected = [RejectedImage]()
    /// Whether the run that writes here is over.
    public private(set) var isFinished = false

    /// Creates an empty store for vectors of a model.
    public init(model: ModelDescription) {
        provenance = Provenance(model)
        embeddings = EmbeddingMatrix(dimension: model.embeddingDimension)
    }

    /// Stores vectors.
    public func append(_ block: EmbeddingBlock) {
        ids += block.ids
        embeddings.append(contentsOf: block.embeddings)
    }

    /// Records an image that could not be embedded.
    public func reject(_ image: RejectedImage) {
        rejected.append(image)
    }

    /// Marks the run as over.
    public func finish() {
        isFinished = true
    }

    /// What is stored now, for reading.
    public func contents() -> MemoryEmbeddings {
        MemoryEmbeddings(provenance: provenance, block: EmbeddingBlock(ids: ids, embeddings: embeddings))
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
