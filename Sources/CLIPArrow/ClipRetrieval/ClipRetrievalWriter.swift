public import CLIPCore

/// Writes embeddings in the layout of clip-retrieval.
///
/// Vectors are 16-bit floats in `img_emb/img_emb_N.npy`. The ids (as `image_path`) and the source columns are in
/// `metadata/metadata_N.parquet`.
///
/// The files get their names when all are complete, the first one last, so that ``ClipRetrievalStore`` refuses an
/// interrupted export.
///
/// ```swift
/// let store = try ParquetStore(path: "embeddings", includesOrigins: true)
/// try ClipRetrievalWriter(path: "laion", columns: store.columns).write(store)
/// ```
public struct ClipRetrievalWriter: Sendable {
    private let layout: ClipRetrievalLayout
    private let columns: [SourceColumn]
    private let rowsPerFile: Int

    /// Creates a writer; no files are created yet.
    ///
    /// - Parameters:
    ///   - path: The folder for `img_emb` and `metadata`, which must not contain embeddings.
    ///   - columns: The columns to write in addition to the ids: those of the blocks' origins, with their kinds and in
    ///     their order. Blocks of a ``ParquetStore`` have origins with `includesOrigins`.
    ///   - rowsPerFile: The maximum number of vectors per file; the default is that of clip-retrieval.
    public init(path: String, columns: [SourceColumn] = [], rowsPerFile: Int = 1_000_000) {
        precondition(rowsPerFile > 0, "a file has at least one row")
        layout = ClipRetrievalLayout(folder: path)
        self.columns = columns
        self.rowsPerFile = rowsPerFile
    }

    /// Writes all vectors of a store.
    ///
    /// - Throws: `CLIPError` with code `storage` if the folder contains embeddings or cannot be written, or if a column
    ///   is named `image_path`; what reading throws.
    public func write(_ reader: some EmbeddingReader) throws {
        guard !columns.contains(where: { $0.name == ClipRetrievalLayout.idColumn }) else {
            let others = columns.map(\.name).filter { $0 != ClipRetrievalLayout.idColumn }
            let isPlain = !others.contains { $0.contains { ",'".contains($0) } }
            throw CLIPError(
                .storage,
                "\(reader.name) has a column '\(ClipRetrievalLayout.idColumn)', the name of the id column. Leave it out, with "
                    + "--keep-columns\(isPlain ? " '\(others.joined(separator: ","))'" : "")."
            )
        }
        try layout.createEmpty()
        let fileCount = reader.count > 0 ? (reader.count - 1) / rowsPerFile + 1 : 1
        var files = [ClipRetrievalFilePair]()
        func startFile() throws -> ClipRetrievalFilePair {
            let file = try ClipRetrievalFilePair(
                paths: layout.paths(files.count, of: fileCount),
                rowCount: min(rowsPerFile, reader.count - files.count * rowsPerFile),
                columns: columns,
                provenance: reader.provenance
            )
            files.append(file)
            return file
        }
        var file = try startFile()
        try reader.forEachBlock(rows: min(4096, rowsPerFile)) { block in
            var rest = 0..<block.ids.count
            while !rest.isEmpty {
                if file.missingRows == 0, files.count < fileCount {
                    try file.complete()
                    file = try startFile()
                }
                let rows = rest.prefix(file.missingRows)
                guard !rows.isEmpty else { throw changed(reader) }
                try file.write(block.rows(rows.lowerBound..<rows.upperBound))
                rest = rows.upperBound..<rest.upperBound
            }
        }
        guard files.count == fileCount, file.missingRows == 0 else { throw changed(reader) }
        try file.complete()
        for file in files.reversed() { try file.commit() }
    }

    private func changed(_ reader: some EmbeddingReader) -> CLIPError {
        CLIPError(
            .unreadable,
            "\(reader.name) no longer holds the \(reader.count) vectors that it had at first."
        )
    }
}
