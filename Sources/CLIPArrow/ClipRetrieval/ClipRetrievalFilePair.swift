internal import CLIPCore
internal import CLIPReport

/// A file of vectors and one of metadata that are written.
///
/// Both go to files aside, which take their names in ``commit()``; a pair that is dropped before leaves nothing.
final class ClipRetrievalFilePair {
    /// Rows that are still to be written.
    private(set) var missingRows: Int
    private let columns: [SourceColumn]
    private let vectors: OutputFile
    private let metadata: ParquetFileWriter

    /// Starts both files.
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

    /// Completes both files, under hidden names.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    func complete() throws {
        try vectors.complete()
        try metadata.complete()
    }

    /// Gives the completed files their names.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    func commit() throws {
        try metadata.commit()
        try vectors.commit()
    }
}
