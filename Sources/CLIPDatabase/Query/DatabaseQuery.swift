internal import CLIPArrow
internal import CLIPCore

/// A query whose rows can be read several times.
struct DatabaseQuery: Sendable {
    /// What the query is called in messages.
    static let name = "the query"

    private let database: Database
    private let text: String
    private let rows: RowQuery

    /// Prepares a single `SELECT`.
    ///
    /// - Throws: `CLIPError` with code `unreadable`.
    init(_ text: String, of database: Database) throws {
        let trimmed = text.trimmed { $0.isWhitespace || $0 == ";" }
        guard !trimmed.isEmpty else { throw CLIPError(.unreadable, "The query is empty.") }
        self.text = trimmed
        self.database = database
        if database.url.dialect == .sqlite {
            rows = try SQLiteTypes.query(trimmed, of: database)
            return
        }
        // As a subquery, so that nothing but a SELECT runs.
        let sql = "SELECT * FROM (\n\(trimmed)\n) AS q"
        let isPostgreSQL = database.url.dialect == .postgresql
        rows = RowQuery(
            sql: sql,
            columnsSQL: "\(sql) WHERE 1 = 0",
            options: isPostgreSQL ? [("adbc.postgresql.batch_size_hint_bytes", "4194304")] : []
        )
    }

    /// The rows as a stream of Arrow batches.
    var stream: TableStream {
        TableStream(name: Self.name, count: count, open: { try rows.open(database, into: $0, isForColumns: $1) })
    }

    private func count() throws -> Int {
        if let count = rows.count { return count }
        let rows = try database.texts("SELECT COUNT(*) AS n FROM (\n\(text)\n) AS q")
        guard let count = rows.first?.first.flatMap({ $0 }).flatMap(Int.init) else {
            throw CLIPError(.unreadable, "\(database.publicURL): the database does not count the query's rows.")
        }
        return count
    }
}

/// A query as it is sent to a database.
struct RowQuery: Sendable {
    let sql: String
    /// A query with the same columns that computes no rows, or only ``skippedRows``; `nil` for a query without effort.
    var columnsSQL: String?
    /// Options of the driver's statement.
    var options: [(key: String, value: String)] = []
    /// Rows at the start that are not part of the result.
    var skippedRows = 0
    /// The number of rows, if it is known.
    var count: Int?

    /// Runs the query over a connection of its own, and fills an `ArrowArrayStream`, which the caller releases.
    ///
    /// - Throws: `CLIPError` with code `unreadable`, or `notFound`.
    func open(_ database: Database, into stream: UnsafeMutableRawPointer, isForColumns: Bool) throws {
        try open(DatabaseConnection(database, for: .reading), into: stream, isForColumns: isForColumns)
    }

    func open(_ connection: DatabaseConnection, into stream: UnsafeMutableRawPointer, isForColumns: Bool = false) throws
    {
        let database = connection.database
        try database.attempt("run the query", .unreadable) {
            let statement = try connection.statement()
            for (key, value) in options { try statement.setOption(key, value) }
            try statement.setQuery(isForColumns ? columnsSQL ?? sql : sql)
            try QueryStream.run(statement, of: database, skippedRows: skippedRows, into: stream)
        }
    }
}

extension Database {
    /// The rows of a small result as texts.
    ///
    /// - Throws: `CLIPError` with code `unreadable`, or `notFound`.
    package func texts(_ sql: String) throws -> [[String?]] {
        try texts(sql, over: DatabaseConnection(self, for: .reading))
    }

    /// The rows of a small result as texts.
    ///
    /// - Throws: `CLIPError` with code `unreadable`.
    func texts(_ sql: String, over connection: DatabaseConnection) throws -> [[String?]] {
        try stream(sql, over: connection).texts()
    }

    /// The columns of a query.
    ///
    /// - Throws: `CLIPError` with code `unreadable`.
    func columnNames(_ sql: String, over connection: DatabaseConnection) throws -> [String] {
        try stream(sql, over: connection).columnNames()
    }

    private func stream(_ sql: String, over connection: DatabaseConnection) -> TableStream {
        TableStream(
            name: DatabaseQuery.name,
            count: { 0 },
            open: { stream, _ in try RowQuery(sql: sql).open(connection, into: stream) }
        )
    }
}

extension String {
    /// The text without characters of a kind at its start and end.
    fileprivate func trimmed(_ isTrimmed: (Character) -> Bool) -> String {
        let text = drop(while: isTrimmed)
        let end = text.lastIndex { !isTrimmed($0) }.map(text.index(after:)) ?? text.startIndex
        return String(text[..<end])
    }
}
