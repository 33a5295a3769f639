internal import CLIPArrow
internal import CLIPCore

/// Writes rows with ids into a table, all or none of them, in one transaction.
///
/// Rows are first transferred to a temporary table, so that the table is locked only at the end.
final class TableWriter {
    /// The temporary table's name, which no other table has.
    private let transfer = "clip_cli_rows_" + String(UInt64.random(in: .min ... .max), radix: 36)
    private let database: Database
    private let connection: DatabaseConnection
    private let table: TableName
    private let columns: [WrittenColumn]
    /// Columns that become empty in rows that are updated.
    private let outdated: [String]
    private let existing: ExistingTable
    private let exists: Bool
    private let comment: String

    /// Connects and checks the table.
    ///
    /// - Parameters:
    ///   - database: PostgreSQL or SQLite; an SQLite file is created if it does not exist.
    ///   - table: `table` or `schema.table`.
    ///   - fields: The columns. The first one is `id`, the primary key.
    ///   - optionalColumns: The names of columns that other rows of this kind have. An update empties them if the new rows
    ///     have none of them.
    ///   - existing: What happens to a table that already exists.
    ///   - content: What the rows are; no table with anything else is replaced.
    ///   - provenance: The origin of the rows.
    /// - Throws: `CLIPError` with code `storage` if the table cannot be written, or `modelMismatch` if it has rows of
    ///   another model that would stay.
    init(
        _ database: Database,
        table: String,
        fields: [Field],
        optionalColumns: [String] = [],
        existing: ExistingTable,
        content: TableContent,
        provenance: Provenance
    ) throws {
        let table = try TableName(table)
        let dialect = database.url.dialect
        guard dialect != .other else {
            throw CLIPError(.storage, "\(database.publicURL): results are written to PostgreSQL and SQLite only.")
        }
        try dialect.checkNames(fields.map(\.name), of: content)
        let connection = try DatabaseConnection(database, for: .writing)
        let present = try PresentTable(table, over: connection)
        try present.check(existing, content: content, provenance: provenance)
        let vectorType = try Self.vectorType(fields, over: connection)
        self.database = database
        self.connection = connection
        self.table = table
        self.existing = existing
        comment = TableComment(content, provenance).text
        exists = present.exists
        columns = fields.map { WrittenColumn($0, dialect: dialect, vectorType: vectorType) }
        outdated = existing == .upsert ? present.outdated(by: columns, names: optionalColumns) : []
        if existing == .upsert { try present.check(columns) }
        try begin()
        if existing == .upsert, exists { try checkUpdate() }
    }

    /// Transfers rows.
    ///
    /// - Parameter values: One column of values per field.
    /// - Throws: `CLIPError` with code `storage`.
    func append(_ values: [Column]) throws {
        let rows = zip(columns, values).map { $0.transferred($1) }
        try database.attempt("write to '\(table.text)'", .storage) {
            for part in try rows.tables(for: database.publicURL) {
                let statement = try connection.statement()
                try statement.setOption("adbc.ingest.target_table", transfer)
                try statement.setOption("adbc.ingest.mode", "adbc.ingest.mode.append")
                try statement.setOption("adbc.ingest.temporary", "true")
                try ArrowTable.export(columns.map(\.field), part) { try statement.bind(array: $0, schema: $1) }
                try statement.execute()
            }
        }
    }

    /// Puts the transferred rows into the table and commits.
    ///
    /// - Throws: `CLIPError` with code `storage`; the table is then as before.
    func finish() throws {
        try database.attempt("write the table '\(table.text)'", .storage) {
            if exists, existing == .replace { try connection.execute("DROP TABLE \(table.sql)") }
            if !exists || existing == .replace {
                let definitions = columns.map(\.definition).joined(separator: ", ")
                for statement in table.creation(definitions, comment: comment, database.url.dialect) {
                    try connection.execute(statement)
                }
            }
            try connection.execute(insertion)
            try connection.commit()
        }
    }

    private func begin() throws {
        let definitions = columns.map(\.transferDefinition).joined(separator: ", ")
        try database.attempt("write to '\(table.text)'", .storage) {
            try connection.begin()
            try connection.execute("CREATE TEMPORARY TABLE \(SQLText.identifier(transfer)) (\(definitions))")
        }
    }

    private var insertion: String {
        let names = columns.map(\.identifier).joined(separator: ", ")
        let values = columns.map(\.value).joined(separator: ", ")
        let insertion =
            "INSERT INTO \(table.sql) (\(names)) SELECT \(values) FROM \(SQLText.identifier(transfer)) WHERE true"
        guard existing == .upsert else { return insertion }
        let changes =
            columns.dropFirst().map { "\($0.identifier) = excluded.\($0.identifier)" }
            + outdated.map { "\(SQLText.identifier($0)) = NULL" }
        return "\(insertion) ON CONFLICT (\(columns[0].identifier)) DO UPDATE SET \(changes.joined(separator: ", "))"
    }

    /// Checks that an existing table can take the rows, before they are computed.
    private func checkUpdate() throws {
        do {
            // Undone, which releases PostgreSQL's lock on the table: its owner may change it during the run.
            try connection.execute("SAVEPOINT checks", "EXPLAIN \(insertion)", "ROLLBACK TO SAVEPOINT checks")
        } catch {
            throw database.error(error, "update the table '\(table.text)'", .storage).advising(
                "It needs the columns \(columns.map(\.name).joined(separator: ", ")), and a primary key or unique index on id."
            )
        }
    }

    /// pgvector's type, where the database has it and there are vectors.
    private static func vectorType(_ fields: [Field], over connection: DatabaseConnection) throws -> String? {
        let database = connection.database
        let dimensions = fields.compactMap { if case .vectors(let dimension, _) = $0.kind { dimension } else { nil } }
        guard database.url.dialect == .postgresql, let dimension = dimensions.first else { return nil }
        let found = try database.texts("SELECT 'yes' AS found WHERE to_regtype('vector') IS NOT NULL", over: connection)
        return found.isEmpty ? nil : "vector(\(dimension))"
    }
}
