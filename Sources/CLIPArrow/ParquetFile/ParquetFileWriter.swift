internal import CLIPCore
internal import CParquet

/// Writes a Parquet file that is complete or absent.
///
/// Rows are written under a hidden name, and the file gets its name in ``commit()``; a writer released before leaves no
/// file.
final class ParquetFileWriter {
    struct Options {
        /// Whether to dictionary-encode texts in lists and texts with few distinct values.
        var dictionary = false
        /// Whether to compress columns, which takes time and gains little for vectors and scores.
        var isCompressed = false
        /// Rows buffered in memory before they are written.
        var rowGroupRows = 4096
    }

    /// The path of the file until it gets its name.
    var temporaryPath: String { file.temporaryPath }

    private let handle: OpaquePointer
    private let file: PendingFile
    private let files: StoreFiles
    private var isComplete = false
    private var isCommitted = false

    /// Starts a file.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    init(
        path: String,
        fields: [Field],
        metadata: [(key: String, value: String)],
        options: Options = Options(),
        files: StoreFiles = StoreFiles()
    ) throws {
        try files.willMake(.create, path)
        let file = try PendingFile(path: path)
        var schema = ArrowSchema(fields, metadata: metadata)
        defer { schema.release?(&schema) }
        var settings = pqc_writer_options()
        settings.compression = options.isCompressed ? PQC_COMPRESSION_ZSTD : PQC_COMPRESSION_NONE
        settings.row_group_rows = Int64(options.rowGroupRows)
        settings.dictionary = options.dictionary
        var writer: OpaquePointer?
        do {
            try ParquetCall.write {
                pqc_writer_open(file.path, file.descriptor, &schema, &settings, nil, 0, &writer, $0)
            }
        } catch {
            file.discard()
            throw error
        }
        guard let writer else { preconditionFailure("an open writer has a handle") }
        self.handle = writer
        self.file = file
        self.files = files
    }

    deinit {
        pqc_writer_free(handle)
        guard !isCommitted, (try? files.willMake(.discard, file.path)) != nil else { return }
        file.discard()
    }

    /// Writes rows, column by column in the order of the fields.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    func write(_ columns: [Column]) throws {
        try requireIncomplete()
        try files.willMake(.write, file.path)
        for part in try columns.tables(for: file.path) {
            var table = ArrowArray(table: part)
            defer { table.release?(&table) }
            try ParquetCall.write { pqc_writer_write(handle, &table, $0) }
        }
    }

    /// Closes the file, still under its hidden name.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    func complete() throws {
        try requireIncomplete()
        try files.willMake(.sync, file.path)
        try ParquetCall.write { pqc_writer_close(handle, $0) }
        file.complete()
        isComplete = true
    }

    private func requireIncomplete() throws {
        guard isComplete else { return }
        throw CLIPError(.storage, "Cannot write \(file.path): it is already finished. Start a new file.")
    }

    /// Renames the closed file to its name and replaces an existing file.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    func commit() throws {
        try files.willMake(.rename, file.path)
        try file.commit()
        isCommitted = true
    }

    /// Renames the closed part of a store to its name, which must be free.
    ///
    /// - Throws: `CLIPError` with code `storage`, or `conflict` if there is already a file with that name.
    func commitNew() throws {
        try files.willMake(.rename, file.path)
        guard try file.commitIfAbsent() else {
            throw StoreFiles.conflict(folder: PendingFile.folder(of: file.path), "it has written \(file.path)")
        }
        isCommitted = true
    }

    /// Closes the file and renames it to its name.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    func close() throws {
        try complete()
        try commit()
    }
}
