internal import CLIPCore

/// The name of a table, possibly with its schema.
struct TableName {
    /// As the user wrote it.
    let text: String
    /// The parts of the name, from the schema to the table.
    private let parts: [Substring]

    /// - Parameter text: `table` or `schema.table`.
    /// - Throws: `CLIPError` with code `storage`.
    init(_ text: String) throws {
        parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard 1...2 ~= parts.count, parts.allSatisfy({ !$0.isEmpty }), !text.utf8.contains(0) else {
            throw CLIPError(.storage, "'\(text)' is not the name of a table. Write table or schema.table.")
        }
        self.text = text
    }

    /// The name as SQL writes it.
    var sql: String { parts.map { SQLText.identifier($0) }.joined(separator: ".") }

    /// A query for what PostgreSQL remembers of the table.
    var commentQuery: String {
        "SELECT obj_description(to_regclass(\(SQLText.literal(sql))), 'pg_class') AS comment"
    }

    /// A query for the names and types of the table's columns, in order; it has no rows if there is no such table.
    func columnsQuery(_ dialect: DatabaseURL.Dialect) -> String {
        guard dialect == .sqlite else {
            return """
                SELECT a.attname::text AS name, format_type(a.atttypid, a.atttypmod) AS type FROM pg_attribute AS a \
                WHERE a.attrelid = to_regclass(\(SQLText.literal(sql))) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
                """
        }
        let arguments = parts.reversed().map { SQLText.literal($0) }.joined(separator: ", ")
        return "SELECT name, type FROM pragma_table_info(\(arguments)) ORDER BY cid"
    }
}
