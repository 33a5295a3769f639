internal import CLIPCore
internal import CParquet

/// Owns an open Parquet file.
// Sendable: the handle is set once, and libparquet-c allows streams of one reader from any thread.
final class ParquetFileReader: @unchecked Sendable {
    let path: String
    private let handle: OpaquePointer

    /// Opens a file.
    ///
    /// - Throws: ``CLIPError`` with code `notFound`, `corruptData` or `storage`.
    init(path: String) throws {
        var reader: OpaquePointer?
        try ParquetCall.read { pqc_reader_open(path, &reader, $0) }
        guard let reader else { preconditionFailure("an open reader has a handle") }
        self.handle = reader
        self.path = path
    }

    deinit {
        pqc_reader_free(handle)
    }

    var rowCount: Int { Int(pqc_reader_row_count(handle)) }

    /// A value of the file's key-value metadata.
    func metadata(_ key: String) -> String? {
        pqc_reader_metadata_value(handle, key).map { String(cString: $0) }
    }

    /// Calls `body` with consecutive batches of at most `rows` rows of some columns.
    ///
    /// - Throws: ``CLIPError`` with code `notFound` when there is no such column, `corruptData`; what `body` throws.
    func forEachBatch(columns: [String], rows: Int, _ body: (RecordBatch) throws -> Void) throws {
        var stream = ArrowArrayStream()
        let names = columns.map { $0.utf8CString }
        try ParquetCall.read { message in
            Self.withPointers(names[...]) { names in
                pqc_reader_stream(handle, names, names.count, Int64(rows), &stream, message)
            }
        }
        defer { stream.release?(&stream) }
        var schema = ArrowSchema()
        try check(stream.get_schema(&stream, &schema), &stream)
        defer { schema.release?(&schema) }
        while true {
            var array = ArrowArray()
            try check(stream.get_next(&stream, &array), &stream)
            guard array.release != nil else { return }
            defer { array.release?(&array) }
            try body(RecordBatch(array, schema: schema, file: path))
        }
    }

    private func check(_ status: Int32, _ stream: inout ArrowArrayStream) throws {
        guard status != 0 else { return }
        let reason = stream.get_last_error(&stream).map { String(cString: $0) } ?? "unknown reason"
        throw CLIPError(.corruptData, "Cannot read \(path): \(reason)")
    }

    private static func withPointers<Result>(
        _ strings: ArraySlice<ContiguousArray<CChar>>,
        _ pointers: [UnsafePointer<CChar>] = [],
        _ body: ([UnsafePointer<CChar>]) -> Result
    ) -> Result {
        guard let first = strings.first else { return body(pointers) }
        return first.withUnsafeBufferPointer {
            withPointers(strings.dropFirst(), pointers + [$0.baseAddress.unsafelyUnwrapped], body)
        }
    }
}
