internal import CLIPCore
internal import CParquet

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// A stream of a file's record batches.
final class RecordBatchStream {
    private let file: String
    private var stream = ArrowArrayStream()
    private var schema = ArrowSchema()

    /// Opens a stream.
    ///
    /// - Parameters:
    ///   - file: The file's name in error messages.
    ///   - columns: The names of the columns; empty for all.
    ///   - open: The `libparquet-c` call that opens the stream for the columns.
    /// - Throws: `CLIPError` with code `notFound`, `unreadable` or `corruptData`.
    init(
        file: String,
        columns: [String],
        open: ([UnsafePointer<CChar>], UnsafeMutablePointer<ArrowArrayStream>, ParquetCall.Message) -> pqc_status
    ) throws {
        self.file = file
        try ParquetCall.read { message in Self.withCStrings(columns) { open($0, &stream, message) } }
        try check(stream.get_schema(&stream, &schema))
    }

    deinit {
        schema.release?(&schema)
        stream.release?(&stream)
    }

    var columns: [StreamColumn] {
        (0..<Int(schema.n_children)).compactMap { schema.children?[$0].map { StreamColumn($0.pointee) } }
    }

    /// The next batch, or `nil` at the end.
    ///
    /// - Throws: `CLIPError` with code `corruptData`, or `unreadable` if the system currently cannot read the file.
    func next() throws -> ImportedBatch? {
        var array = ArrowArray()
        try check(stream.get_next(&stream, &array))
        return array.release == nil ? nil : ImportedBatch(array)
    }

    /// Calls `body` with the remaining batches.
    ///
    /// - Throws: `CLIPError` with code `corruptData` or `unreadable`; what `body` throws.
    func forEach(_ body: (RecordBatch) throws -> Void) throws {
        while let batch = try next() {
            try withExtendedLifetime(batch) { try body(RecordBatch(batch.array, schema: schema, file: file)) }
        }
    }

    private func check(_ status: Int32) throws {
        guard status != 0 else { return }
        let reason = stream.get_last_error(&stream).map { String(cString: $0) } ?? "unknown reason"
        let message = reason.firstRange(of: file).map { String(reason[$0.lowerBound...]) }
        let isDamaged = status != EIO && status != ENOMEM
        throw CLIPError(isDamaged ? .corruptData : .unreadable, message ?? "Cannot read \(file): \(reason)")
    }

    private static func withCStrings<Result>(
        _ strings: [String],
        _ body: ([UnsafePointer<CChar>]) -> Result
    ) -> Result {
        let text: [CChar] = strings.flatMap(\.utf8CString)
        return text.withUnsafeBufferPointer { text in
            guard var next = text.baseAddress else { return body([]) }
            var pointers = [UnsafePointer<CChar>]()
            for string in strings {
                pointers.append(next)
                next += string.utf8.count + 1
            }
            return body(pointers)
        }
    }
}

/// An imported record batch.
final class ImportedBatch {
    private(set) var array: ArrowArray

    /// Number of rows.
    var count: Int { Int(array.length) }

    /// Takes ownership of a batch.
    init(_ array: ArrowArray) {
        self.array = array
    }

    deinit {
        array.release?(&array)
    }
}
