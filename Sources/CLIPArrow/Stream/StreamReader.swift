internal import CLIPCore
internal import CParquet

/// Reads record batches in Arrow's IPC format from a file descriptor, such as a pipe.
// Sendable: one task reads; the schema, which others use, does not change.
final class StreamReader: @unchecked Sendable {
    /// The stream's name in messages.
    let name: String
    let handle: OpaquePointer
    /// A run that was stopped may still wait for input after the caller has closed its descriptor.
    private let descriptor: OwnDescriptor

    /// Waits for the schema.
    ///
    /// - Parameters:
    ///   - name: The stream's name in messages.
    ///   - descriptor: Is read, through a copy.
    ///   - maximumBytes: The maximum size of a record batch.
    /// - Throws: `CLIPError` with code `corruptData` if this is no such stream, `unreadable`, `outOfMemory` or
    ///   `missingLibrary`.
    init(name: String, descriptor: Int32, maximumBytes: Int) throws {
        let own = try OwnDescriptor(copying: descriptor, name: name, code: .unreadable)
        var reader: OpaquePointer?
        try ParquetCall.stream(ioFailure: .unreadable) {
            pqc_ipc_reader_open(name, own.number, Int64(maximumBytes), &reader, $0)
        }
        guard let reader else { preconditionFailure("an open reader has a handle") }
        self.name = name
        self.descriptor = own
        handle = reader
    }

    deinit {
        pqc_ipc_reader_free(handle)
    }

    /// The columns.
    ///
    /// - Parameter isPlain: Whether to describe them as ``StreamBatch/columns(_:)`` converts them.
    /// - Returns: Their names and types, in order.
    /// - Throws: `CLIPError` with code `corruptData`.
    func columns(isPlain: Bool) throws -> [StreamColumn] {
        var schema = ArrowSchema()
        try ParquetCall.stream(ioFailure: .corruptData) { pqc_ipc_reader_schema(handle, isPlain, &schema, $0) }
        defer { schema.release?(&schema) }
        return (0..<Int(schema.n_children)).compactMap { schema.children?[$0].map { StreamColumn($0.pointee) } }
    }

    /// A value in the schema's metadata.
    func metadata(_ key: String) -> String? {
        pqc_ipc_reader_metadata_value(handle, key).map { String(cString: $0) }
    }

    /// Waits for the next batch; `nil` at the end.
    ///
    /// - Throws: `CLIPError` with code `corruptData`, `unreadable` or `outOfMemory`.
    func next() throws -> StreamBatch? {
        var batch: OpaquePointer?
        try ParquetCall.stream(ioFailure: .unreadable) { pqc_ipc_reader_next(handle, &batch, $0) }
        return batch.map { StreamBatch($0, name: name) }
    }
}

/// A record batch of a ``StreamReader``.
// Sendable: the handle is set once, and a batch does not change.
final class StreamBatch: @unchecked Sendable {
    let handle: OpaquePointer
    private let name: String

    fileprivate init(_ handle: OpaquePointer, name: String) {
        self.handle = handle
        self.name = name
    }

    deinit {
        pqc_ipc_batch_free(handle)
    }

    /// Number of rows.
    var count: Int { Int(pqc_ipc_batch_row_count(handle)) }

    /// The vectors of a column of lists of floats, row after row, with zeros for missing ones.
    ///
    /// - Parameters:
    ///   - position: The column's position.
    ///   - dimension: The length of the vectors.
    /// - Returns: The values, and whether each row has a vector.
    /// - Throws: `CLIPError` with code `corruptData` if a list has another length or misses a value.
    func vectors(at position: Int, dimension: Int) throws -> (values: [Float], isPresent: [Bool]) {
        var values = [Float](repeating: 0, count: count * dimension)
        var isPresent = [Bool](repeating: false, count: count)
        try ParquetCall.stream(ioFailure: .corruptData) {
            pqc_ipc_batch_vectors(handle, Int32(position), dimension, &values, &isPresent, $0)
        }
        return (values, isPresent)
    }

    /// The rows of some columns, converted to a few common types.
    ///
    /// - Throws: `CLIPError` with code `corruptData` or `outOfMemory`.
    func columns(_ columns: [TableColumn]) throws -> TableBatch {
        let stream = try RecordBatchStream(file: name, columns: columns.map(\.name)) {
            pqc_ipc_batch_plain_stream(handle, $0, $0.count, $1, $2)
        }
        guard let rows = try TableRows(stream, columns: columns).next() else {
            preconditionFailure("the stream of a batch has that batch")
        }
        return rows
    }
}
