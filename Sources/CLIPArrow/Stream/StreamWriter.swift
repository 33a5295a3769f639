internal import CLIPCore
internal import CParquet

/// Writes record batches in Arrow's IPC format to a file descriptor, such as a pipe.
///
/// Each call sends whole messages. A stream has its end mark only after ``close()``.
// Sendable: one task writes at a time.
final class StreamWriter: @unchecked Sendable {
    private let handle: OpaquePointer
    private let descriptor: OwnDescriptor

    /// Sends the schema.
    ///
    /// - Parameters:
    ///   - name: The stream's name in messages.
    ///   - descriptor: Is written to, through a copy.
    ///   - fields: The columns that ``write(_:carrying:)`` gets.
    ///   - metadata: The metadata of the schema.
    ///   - input: The stream whose columns are carried.
    ///   - carried: The positions of the columns that follow unchanged.
    /// - Throws: `CLIPError` with code `storage`, `outOfMemory` or `missingLibrary`.
    init(
        name: String,
        descriptor: Int32,
        fields: [Field],
        metadata: [(key: String, value: String)],
        carrying input: StreamReader,
        _ carried: [Int]
    ) throws {
        var schema = ArrowSchema(fields, metadata: metadata)
        defer { schema.release?(&schema) }
        let own = try OwnDescriptor(copying: descriptor, name: name, code: .storage)
        var writer: OpaquePointer?
        let positions = carried.map(Int32.init)
        try ParquetCall.stream(ioFailure: .storage) {
            pqc_ipc_writer_open(name, own.number, &schema, input.handle, positions, positions.count, &writer, $0)
        }
        guard let writer else { preconditionFailure("an open writer has a handle") }
        self.descriptor = own
        handle = writer
    }

    deinit {
        pqc_ipc_writer_free(handle)
    }

    /// Sends a record batch.
    ///
    /// - Parameters:
    ///   - columns: The values of the fields, in their order.
    ///   - batch: Has the carried columns of the same rows.
    /// - Throws: `CLIPError` with code `storage` if the receiver has gone, or `outOfMemory`.
    func write(_ columns: [Column], carrying batch: StreamBatch) throws {
        var table = ArrowArray(table: columns)
        defer { table.release?(&table) }
        try ParquetCall.stream(ioFailure: .storage) { pqc_ipc_writer_write(handle, &table, batch.handle, $0) }
    }

    /// Sends the end mark.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    func close() throws {
        try ParquetCall.stream(ioFailure: .storage) { pqc_ipc_writer_close(handle, $0) }
    }
}
