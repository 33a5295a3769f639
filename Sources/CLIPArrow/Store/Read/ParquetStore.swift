public import CLIPCore

/// Reads a store of embeddings: a folder of Parquet files, or one of them.
public struct ParquetStore: ParallelEmbeddingReader {
    /// What error messages call the store.
    public let name: String
    /// Where the vectors come from.
    public let provenance: Provenance
    /// Columns of the source.
    package let columns: [SourceColumn]
    /// Representation of the vectors' values; they are read as 32-bit floats of length 1.
    package let elementType: EmbeddingElementType
    /// Number of vectors.
    public let count: Int
    /// Whether the run that wrote the store came to its end.
    ///
    /// Always true of a single part.
    public let isComplete: Bool
    let parts: [StorePart]
    private let includesOrigins: Bool

    /// Opens a store.
    ///
    /// - Parameters:
    ///   - path: A folder that ``ParquetStoreWriter`` wrote, or one `part-*.parquet` of it.
    ///   - includesOrigins: Whether blocks say what the vectors were made from, which takes longer.
    /// - Throws: `CLIPError` with code `notFound` when there are no embeddings, `corruptData` when a file is damaged or
    ///   no embeddings file, `modelMismatch` when the parts come from different models.
    public init(path: String, includesOrigins: Bool = false) throws {
        switch try PathKind(path) {
        case .file:
            parts = [try StorePart(ParquetFileReader(path: path))]
            isComplete = true
        case .folder:
            let layout = StoreLayout(folder: path)
            parts = try StorePart.all(of: layout)
            isComplete = try FailuresFile.isComplete(layout)
        }
        name = path
        provenance = parts[0].identity.provenance
        columns = parts[0].identity.schema.columns
        elementType = parts[0].identity.schema.elementType
        count = try parts.total(\.rowCount)
        self.includesOrigins = includesOrigins
    }

    /// Whether a file of this name in a store's folder belongs to the store.
    package static func isFileName(_ name: String) -> Bool {
        StoreLayout.isOwn(name) || name == StoreLock.fileName
    }

    /// Whether a folder holds files of a store.
    package static func isStore(_ folder: String) -> Bool {
        (try? StoreLayout(folder: folder).holdsStore()) ?? false
    }

    /// Calls `body` with consecutive blocks of at most `rows` vectors.
    ///
    /// - Throws: `CLIPError` when a file is damaged or a vector is not of unit length, with code `conflict` when another run
    ///   replaced a part since the store was opened; what `body` throws.
    public func forEachBlock(rows: Int, _ body: (EmbeddingBlock) throws -> Void) throws {
        try forEachUnreadBlock(rows: rows) { try body($0.read()) }
    }

    /// Calls `body` with consecutive blocks of at most `rows` vectors, which are read and checked when `body`, or another
    /// thread, asks for them.
    ///
    /// - Throws: `CLIPError` when a file is damaged; what `body` throws.
    package func forEachUnreadBlock(rows: Int, _ body: (PendingBlock) throws -> Void) throws {
        precondition(rows > 0, "a block has at least one row")
        for part in parts {
            try part.forEachPendingBlock(rows: rows, origins: includesOrigins, body)
        }
    }
}
