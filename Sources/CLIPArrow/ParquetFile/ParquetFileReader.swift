internal import CLIPCore
internal import CParquet

/// An open Parquet file.
// Sendable: the handle is set once, and libparquet-c allows streams of one reader from any thread.
final class ParquetFileReader: @unchecked Sendable {
    let path: String
    private let handle: OpaquePointer

    /// Opens a file.
    ///
    /// - Throws: `CLIPError` with code `notFound`, `unreadable` or `corruptData`.
    init(path: String) throws {
        // A missing file is reported in the same words as everywhere else.
        _ = try PathKind(path)
        var reader: OpaquePointer?
        try ParquetCall.read { pqc_reader_open(path, &reader, $0) }
        guard let reader else { preconditionFailure("an open reader has a handle") }
        self.handle = reader
        self.path = path
    }

    private init(path: String, handle: OpaquePointer) {
        self.path = path
        self.handle = handle
    }

    deinit {
        pqc_reader_free(handle)
    }

    var rowCount: Int { Int(pqc_reader_row_count(handle)) }

    var rowGroupCount: Int { Int(pqc_reader_row_group_count(handle)) }

    /// Opens one row group, given by position, as if the file had no other.
    ///
    /// - Throws: `CLIPError` with code `corruptData`.
    func rowGroup(_ position: Int) throws -> ParquetFileReader {
        var group: OpaquePointer?
        try ParquetCall.read { pqc_reader_open_row_group(handle, Int32(position), &group, $0) }
        guard let group else { preconditionFailure("an open row group has a handle") }
        return ParquetFileReader(path: path, handle: group)
    }

    /// The type of a column as in the Arrow C data interface.
    struct ColumnFormat: Equatable {
        let name: String
        /// The format string of the column.
        let format: String
        /// The format string of a list's items.
        let itemFormat: String?
    }

    /// The columns, in file order.
    ///
    /// - Throws: `CLIPError` with code `corruptData`.
    func columns() throws -> [ColumnFormat] {
        var schema = ArrowSchema()
        try ParquetCall.read { pqc_reader_schema(handle, &schema, $0) }
        defer { schema.release?(&schema) }
        return (0..<Int(schema.n_children)).compactMap { index in
            guard let column = schema.children?[index]?.pointee else { return nil }
            let item = column.n_children > 0 ? column.children?[0]?.pointee : nil
            return ColumnFormat(
                name: String(cString: column.name),
                format: String(cString: column.format),
                itemFormat: item.map { String(cString: $0.format) }
            )
        }
    }

    /// Number of items in a column of a plain stream: of rows, or of items of all lists, where an empty one counts as
    /// one.
    ///
    /// - Throws: `CLIPError` with code `notFound` if there is no such column, or `corruptData`.
    func itemCount(_ column: String) throws -> Int {
        var count: Int64 = 0
        try ParquetCall.read { pqc_reader_item_count(handle, column, &count, $0) }
        return Int(count)
    }

    /// A value in the file's key-value metadata.
    func metadata(_ key: String) -> String? {
        pqc_reader_metadata_value(handle, key).map { String(cString: $0) }
    }

    /// Calls `body` with consecutive batches of at most `rows` rows of some columns.
    ///
    /// - Throws: `CLIPError` with code `notFound` if there is no such column, `corruptData`; what `body` throws.
    func forEachBatch(columns: [String], rows: Int, _ body: (RecordBatch) throws -> Void) throws {
        let stream = try RecordBatchStream(file: path, columns: columns) {
            pqc_reader_stream(handle, $0, $0.count, Int64(rows), $1, $2)
        }
        try stream.forEach(body)
    }

    /// Opens a column of vectors stored as plain values; see ``VectorColumn``.
    func vectors(_ column: String) throws -> (handle: OpaquePointer, dimension: Int, valueBytes: Int)? {
        var vectors: OpaquePointer?
        var dimension = 0
        var valueBytes = 0
        try ParquetCall.read { pqc_vectors_open(handle, column, &vectors, &dimension, &valueBytes, $0) }
        return vectors.map { ($0, dimension, valueBytes) }
    }

    /// Opens a stream of batches of at most `rows` rows, with columns converted to a few common types.
    ///
    /// - Throws: `CLIPError` with code `notFound` if there is no such column, or `corruptData`.
    func plainStream(columns: [String], rows: Int) throws -> RecordBatchStream {
        try RecordBatchStream(file: path, columns: columns) {
            pqc_reader_plain_stream(handle, $0, $0.count, Int64(rows), $1, $2)
        }
    }
}
