internal import CLIPCore
internal import CParquet

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Owns a stream of a file's record batches.
final class RecordBatchStream {
    private let file: String
    private var stream = ArrowArrayStream()
    private var schema = ArrowSchema()

    /// Opens a stream.
    ///
    /// - Parameters:
    ///   - file: What error messages call the file.
    ///   - columns: Names of the columns; none means all.
    ///   - open: The call of `libparquet-c` that opens the stream, given the columns.
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

    /// Name and Arrow format of each column.
    var columns: [(name: String, format: String)] {
        (0..<Int(schema.n_children)).compactMap { schema.children?[$0]?.pointee }.map {
            (String(cString: $0.name), String(cString: $0.format))
        }
    }

    /// The next batch, or `nil` at the end.
    ///
    /// - Throws: `CLIPError` with code `corruptData`, or `unreadable` when the system cannot read the file now.
    func next() throws -> ImportedBatch? {
        var array = ArrowArray()
        try check(stream.get_next(&stream, &array))
        return array.release == nil ? nil : ImportedBatch(array)
    }

    /// Calls `body` with what is left, batch by batch.
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

/// Owns an imported record batch.
final class ImportedBatch {
    private(set) var array: ArrowArray

    /// Number of rows.
    var count: Int { Int(array.length) }

    /// Takes the batch over.
    init(_ array: ArrowArray) {
        self.array = array
    }

    deinit {
        array.release?(&array)
    }
}
