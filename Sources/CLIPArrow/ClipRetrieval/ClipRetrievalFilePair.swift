internal import CLIPCore
internal import CLIPReport

/// Writes a file of vectors and its file of metadata.
///
/// Both are written under hidden names and get their names in ``commit()``; a pair released before leaves no files.
final class ClipRetrievalFilePair {
    /// Number of rows still to be written.
    private(set) var missingRows: Int
    private let columns: [SourceColumn]
    private let vectors: OutputFile
    private let metadata: ParquetFileWriter

    /// Creates both files.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    init(
        paths: (embeddings: String, metadata: String),
        rowCount: Int,
        columns: [SourceColumn],
        provenance: Provenance
    ) throws {
        missingRows = rowCount
        self.columns = columns
        vectors = try OutputFile(path: paths.embeddings)
        metadata = try ParquetFileWriter(
            path: paths.metadata,
            fields: [Field(name: ClipRetrievalLayout.idColumn, kind: .text)]
                + columns.map { Field(name: $0.name, kind: $0.kind.column) },
            metadata: provenance.metadata,
            options: .init(isCompressed: true, rowGroupRows: 65_536)
        )
        let header = NumPyFile.header(type: "<f2", shape: [rowCount, provenance.dimension])
        try header.withUnsafeBytes { try vectors.write($0) }
    }

    /// Writes some rows.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    func write(_ block: EmbeddingBlock) throws {
        precondition(columns.isEmpty || !block.origins.isEmpty, "columns are written from the values of the origins")
        let halves = block.embeddings.values.map { HalfFloat.bits($0).littleEndian }
        try halves.withUnsafeBytes { try vectors.write($0) }
        try metadata.write([.text(block.ids)] + columns.table(block.origins))
        missingRows -= block.ids.count
    }

    /// Closes both files, still under hidden names.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    func complete() throws {
        try vectors.complete()
        try metadata.complete()
    }

    /// Renames the closed files to their names.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    func commit() throws {
        try metadata.commit()
        try vectors.commit()
    }
}
