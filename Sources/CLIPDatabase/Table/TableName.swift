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

    /// A statement that creates the table with a comment.
    ///
    /// SQLite keeps the statement itself.
    func creation(_ definitions: String, comment: String, _ dialect: DatabaseURL.Dialect) -> [String] {
        if dialect == .sqlite {
            return ["CREATE TABLE \(sql) (\n/* \(comment.replacing("*/", with: "* /")) */\n\(definitions))"]
        }
        return [
            "CREATE TABLE \(sql) (\(definitions))", "COMMENT ON TABLE \(sql) IS \(SQLText.literal(comment))",
        ]
    }

    /// A query for the comment.
    func commentQuery(_ dialect: DatabaseURL.Dialect) -> String {
        guard dialect == .sqlite else {
            return "SELECT obj_description(to_regclass(\(SQLText.literal(sql))), 'pg_class') AS comment"
        }
        let schema = parts.dropLast().map { SQLText.identifier($0) + "." }.joined()
        let name = SQLText.literal(parts[parts.count - 1])
        return """
            SELECT substr(comment, 1, instr(comment, '*/') - 1) AS comment FROM (\
            SELECT substr(sql, instr(sql, '(' || char(10) || '/* ') + 5) AS comment FROM \(schema)sqlite_master \
            WHERE type = 'table' AND name = \(name) COLLATE NOCASE AND instr(sql, '(' || char(10) || '/* ') > 0)
            """
    }

    /// A query for the names and types of the table's columns, in order, and which of them need a value: it is `optional`,
    /// `filled` by the database, or `required`; there are no rows if there is no such table.
    func columnsQuery(_ dialect: DatabaseURL.Dialect) -> String {
        guard dialect == .sqlite else {
            // Of a trigger's bits, the first three mean a row, before, and INSERT.
            return """
                SELECT a.attname::text AS name, format_type(a.atttypid, a.atttypmod) AS type, CASE \
                WHEN NOT (a.attnotnull OR t.typnotnull) THEN 'optional' WHEN a.atthasdef OR a.attidentity <> '' OR t.typdefault IS NOT NULL \
                OR EXISTS (SELECT 1 FROM pg_trigger AS g WHERE g.tgrelid = a.attrelid AND g.tgtype & 7 = 7 \
                AND g.tgenabled <> 'D') \
                THEN 'filled' ELSE 'required' END AS need \
                FROM pg_attribute AS a JOIN pg_type AS t ON t.oid = a.atttypid \
                WHERE a.attrelid = to_regclass(\(SQLText.literal(sql))) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
                """
        }
        let arguments = parts.reversed().map { SQLText.literal($0) }.joined(separator: ", ")
        return """
            SELECT name, type, CASE WHEN NOT "notnull" THEN 'optional' \
            WHEN upper(dflt_value) <> 'NULL' OR (pk > 0 AND type = 'INTEGER' COLLATE NOCASE) THEN 'filled' \
            ELSE 'required' END AS need \
            FROM pragma_table_info(\(arguments)) ORDER BY cid
            """
    }
}
