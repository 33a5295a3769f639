public import CLIPCore

/// Reads embeddings written by clip-retrieval.
///
/// Row n of `img_emb/img_emb_N.npy` belongs to row n of `metadata/metadata_N.parquet`. The layout does not record the
/// model, so the caller must know it. Vectors are normalised as 32-bit floats; one whose length differs from 1 by more
/// than 0.01 is refused.
///
/// ```swift
/// let embeddings = try ClipRetrievalStore(path: "laion", provenance: Provenance(bundle.model))
/// ```
public struct ClipRetrievalStore: EmbeddingReader {
    /// The store's name in error messages.
    public let name: String
    /// The origin of the vectors.
    public let provenance: Provenance
    /// The metadata columns that blocks return as the values of their origins.
    public let columns: [SourceColumn]
    /// Number of vectors.
    public let count: Int
    private let idColumn: String
    private let files: [ClipRetrievalFiles]

    /// Opens a folder.
    ///
    /// - Parameters:
    ///   - path: The folder that contains `img_emb` and `metadata`.
    ///   - provenance: The model that embedded the images.
    ///   - idColumn: The metadata column with the ids: texts or integers.
    ///   - carriedColumns: The columns to keep with the vectors; `nil` for all except the ids.
    /// - Throws: `CLIPError` with code `notFound` if a file or column is missing, `corruptData` if files do not match,
    ///   `unsupportedFormat`, or `modelMismatch` if the model has another dimension.
    public init(
        path: String,
        provenance: Provenance,
        idColumn: String = "image_path",
        carriedColumns: [String]? = nil
    ) throws {
        let files = try ClipRetrievalLayout(folder: path).pairs().map {
            try ClipRetrievalFiles(embeddings: $0.embeddings, metadata: $0.metadata)
        }
        let columns = try files.map { try $0.carriedColumns(carriedColumns, idColumn: idColumn) }
        for (file, own) in zip(files, columns) {
            guard file.vectors.dimension == provenance.dimension else {
                throw CLIPError(
                    .modelMismatch,
                    "\(file.vectors.path): vectors have \(file.vectors.dimension) values; those of the model "
                        + "\(provenance.modelName) have \(provenance.dimension)."
                )
            }
            guard own == columns[0] else {
                throw CLIPError(
                    .corruptData,
                    "\(file.metadata.path) has different columns or types than \(files[0].metadata.path). Name "
                        + "the columns to keep."
                )
            }
        }
        name = path
        self.provenance = provenance
        self.columns = columns[0]
        count = files.reduce(0) { $0 + $1.vectors.count }
        self.idColumn = idColumn
        self.files = files
    }

    /// Calls `body` with consecutive blocks of at most `rows` vectors.
    ///
    /// - Throws: `CLIPError` with code `corruptData` or `unreadable`, or `invalidEmbeddings` that names the file and
    ///   row of a vector that is not of unit length; what `body` throws.
    public func forEachBlock(rows: Int, _ body: (EmbeddingBlock) throws -> Void) throws {
        precondition(rows > 0, "a block has at least one row")
        for file in files {
            try file.forEachBlock(rows: rows, idColumn: idColumn, columns: columns, body)
        }
    }
}
