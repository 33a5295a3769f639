internal import CParquet

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// A driver's stream of batches, which keeps its connection open and its passwords out of messages.
final class QueryStream {
    private let statement: DatabaseStatement
    private let database: Database
    private var source = ArrowArrayStream()
    private var skippedRows: Int
    private var message: UnsafeMutablePointer<CChar>?

    private init(_ statement: DatabaseStatement, of database: Database, skippedRows: Int) {
        self.statement = statement
        self.database = database
        self.skippedRows = skippedRows
    }

    deinit {
        source.release?(&source)
        free(message)
    }

    /// Runs a statement and exports its result as an `ArrowArrayStream`, which its receiver releases, and with it the
    /// connection.
    static func run(
        _ statement: DatabaseStatement,
        of database: Database,
        skippedRows: Int,
        into stream: UnsafeMutableRawPointer
    ) throws(DriverFailure) {
        let query = QueryStream(statement, of: database, skippedRows: skippedRows)
        try statement.execute(into: &query.source)
        var exported = ArrowArrayStream()
        exported.private_data = Unmanaged.passRetained(query).toOpaque()
        exported.get_schema = { stream, schema in
            QueryStream.of(stream).reporting { $0.pointee.get_schema($0, schema) }
        }
        exported.get_next = { stream, batch in
            QueryStream.of(stream).next(batch)
        }
        exported.get_last_error = { stream in
            QueryStream.of(stream).message.map { UnsafePointer($0) }
        }
        exported.release = { stream in
            guard let stream, let data = stream.pointee.private_data else { return }
            Unmanaged<QueryStream>.fromOpaque(data).release()
            stream.pointee.release = nil
        }
        stream.assumingMemoryBound(to: ArrowArrayStream.self).initialize(to: exported)
    }

    private static func of(_ stream: UnsafeMutablePointer<ArrowArrayStream>?) -> QueryStream {
        guard let data = stream?.pointee.private_data else { preconditionFailure("an exported stream has its data") }
        return Unmanaged<QueryStream>.fromOpaque(data).takeUnretainedValue()
    }

    private func next(_ batch: UnsafeMutablePointer<ArrowArray>?) -> CInt {
        let status = reporting { $0.pointee.get_next($0, batch) }
        guard status == 0, let batch, batch.pointee.release != nil else { return status }
        let count = min(skippedRows, Int(batch.pointee.length))
        if count > 0 { Self.drop(count, from: batch) }
        skippedRows -= count
        return 0
    }

    /// Calls the driver, and keeps the reason if it fails.
    private func reporting(_ call: (UnsafeMutablePointer<ArrowArrayStream>) -> CInt) -> CInt {
        let status = call(&source)
        guard status != 0 else { return 0 }
        let reason = source.get_last_error(&source).map { String(cString: $0) } ?? "unknown reason"
        free(message)
        message = strdup("\(database.publicURL): \(database.url.redacted(DriverCall.line(reason)))")
        return EIO
    }

    /// Drops rows at the start of all columns, none of which is nested.
    private static func drop(_ count: Int, from batch: UnsafeMutablePointer<ArrowArray>) {
        batch.pointee.length -= Int64(count)
        for index in 0..<Int(batch.pointee.n_children) {
            guard let column = batch.pointee.children?[index] else { continue }
            column.pointee.offset += Int64(count)
            column.pointee.length -= Int64(count)
            // Unknown now.
            column.pointee.null_count = -1
        }
    }
}
