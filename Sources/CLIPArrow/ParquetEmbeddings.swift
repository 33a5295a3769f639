public import CLIPCore

/// Reads a store of embeddings: a folder of Parquet files, or one of them.
public struct ParquetEmbeddings: EmbeddingReader {
    /// What error messages call the store.
    public let name: String
    /// Where the vectors come from.
    public let provenance: Provenance
    /// Number of vectors.
    public let count: Int
    /// Whether the run that wrote the store came to its end.
    ///
    /// Always true of a single part.
    public let isComplete: Bool
    private let parts: [ParquetFileReader]

    /// Opens a store.
    ///
    /// - Parameter path: A folder that ``ParquetEmbeddingWriter`` wrote, or one `part-*.parquet` of it.
    /// - Throws: ``CLIPError`` with code `notFound` when there are no embeddings, `corruptData` when a file is damaged or
    ///   no embeddings file, `modelMismatch` when the parts come from different models.
    public init(path: String) throws {
        let layout = StoreLayout(folder: path)
        let kind = try PathKind(path)
        let paths = kind == .file ? [path] : try layout.parts()
        let parts = try paths.map { try ParquetFileReader(path: $0) }
        guard let first = parts.first else {
            throw CLIPError(.notFound, "There are no embeddings in \(path): it has no part-*.parquet.")
        }
        let provenance = try Provenance(first)
        for part in parts.dropFirst() {
            let other = try Provenance(part)
            guard other.modelSHA256 == provenance.modelSHA256 else {
                throw CLIPError(
                    .modelMismatch,
                    "\(first.path) and \(part.path) come from different models: \(provenance.modelName) and "
                        + "\(other.modelName)."
                )
            }
        }
        self.name = path
        self.isComplete = kind == .file || layout.isComplete
        self.provenance = provenance
        self.count = parts.reduce(0) { $0 + $1.rowCount }
        self.parts = parts
    }

    /// Calls `body` with consecutive blocks of at most `rows` vectors.
    ///
    /// - Throws: ``CLIPError`` when a file is damaged or a vector is not of unit length; what `body` throws.
    public func forEachBlock(rows: Int, _ body: (EmbeddingBlock) throws -> Void) throws {
        precondition(rows > 0, "a block has at least one row")
        for part in parts {
            try part.forEachBatch(columns: [StoreLayout.idColumn, StoreLayout.embeddingColumn], rows: rows) { batch in
                let embeddings = try batch.vectors(StoreLayout.embeddingColumn)
                guard embeddings.dimension == provenance.dimension else {
                    throw CLIPError(
                        .corruptData,
                        "\(part.path): vectors have \(embeddings.dimension) values; the metadata says "
                            + "\(provenance.dimension)."
                    )
                }
                let block = EmbeddingBlock(ids: try batch.texts(StoreLayout.idColumn), embeddings: embeddings)
                try block.requireUnitLength(store: part.path)
                try body(block)
            }
        }
    }
}
