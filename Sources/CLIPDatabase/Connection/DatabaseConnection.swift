internal import CADBC
internal import CLIPCore

/// A connection to a database, for one task at a time.
// Sendable: whoever has it uses it on one thread at a time.
package final class DatabaseConnection: @unchecked Sendable {
    package enum Access: Sendable {
        case reading
        case writing
    }

    let database: Database
    let functions: cadbc_driver
    private var handle = cadbc_object()
    private var connection = cadbc_object()

    /// Connects.
    ///
    /// - Throws: `CLIPError` with code `unreadable` if the database refuses it, or `notFound` if an SQLite file to read
    ///   does not exist.
    package init(_ database: Database, for access: Access) throws {
        self.database = database
        functions = database.driver.functions
        do {
            try check { try functions.database_new.orMissing()(&handle, $0) }
            let uri = try database.driverURI(for: access)
            try check { try functions.database_set_option.orMissing()(&handle, "uri", uri, $0) }
            try check { try functions.database_init.orMissing()(&handle, $0) }
            try check { try functions.connection_new.orMissing()(&connection, $0) }
            try check { try functions.connection_init.orMissing()(&connection, &handle, $0) }
            // Other programs may be writing.
            if database.url.dialect == .sqlite { try execute("PRAGMA busy_timeout = 10000") }
        } catch let failure as DriverFailure {
            throw database.error(failure, "connect", .unreadable)
        }
    }

    deinit {
        // Both also undo an unfinished transaction.
        if connection.private_data != nil { try? check { functions.connection_release?(&connection, $0) ?? 0 } }
        if handle.private_data != nil { try? check { functions.database_release?(&handle, $0) ?? 0 } }
    }

    /// Prepares a statement.
    func statement() throws(DriverFailure) -> DatabaseStatement {
        var statement = cadbc_object()
        try check { try functions.statement_new.orMissing()(&connection, &statement, $0) }
        return DatabaseStatement(statement, connection: self)
    }

    /// Starts a transaction, which ends with ``commit()`` or, undone, with the connection.
    func begin() throws(DriverFailure) {
        try check {
            try functions.connection_set_option.orMissing()(&connection, "adbc.connection.autocommit", "false", $0)
        }
    }

    func commit() throws(DriverFailure) {
        try check { try functions.connection_commit.orMissing()(&connection, $0) }
    }

    /// Runs statements without a result.
    package func execute(_ queries: String...) throws(DriverFailure) {
        for query in queries {
            let statement = try statement()
            try statement.setQuery(query)
            try statement.execute()
        }
    }

    private func check(_ call: (UnsafeMutablePointer<cadbc_error>) throws -> cadbc_status) throws(DriverFailure) {
        try DriverCall.check(call)
    }
}

/// A statement of a connection.
final class DatabaseStatement {
    private var statement: cadbc_object
    private let connection: DatabaseConnection
    private var functions: cadbc_driver { connection.functions }

    fileprivate init(_ statement: cadbc_object, connection: DatabaseConnection) {
        self.statement = statement
        self.connection = connection
    }

    deinit {
        try? DriverCall.check { functions.statement_release?(&statement, $0) ?? 0 }
    }

    func setOption(_ key: String, _ value: String) throws(DriverFailure) {
        try DriverCall.check { try functions.statement_set_option.orMissing()(&statement, key, value, $0) }
    }

    func setQuery(_ query: String) throws(DriverFailure) {
        try DriverCall.check { try functions.statement_set_sql_query.orMissing()(&statement, query, $0) }
    }

    /// Gives the statement rows of values, an `ArrowArray` and an `ArrowSchema`, which it takes over.
    func bind(array: UnsafeMutableRawPointer, schema: UnsafeMutableRawPointer) throws(DriverFailure) {
        try DriverCall.check { try functions.statement_bind.orMissing()(&statement, array, schema, $0) }
    }

    /// Runs the statement, whose result, if any, becomes an `ArrowArrayStream`.
    func execute(into stream: UnsafeMutableRawPointer? = nil) throws(DriverFailure) {
        var rows: Int64 = 0
        try DriverCall.check { try functions.statement_execute_query.orMissing()(&statement, stream, &rows, $0) }
    }
}
