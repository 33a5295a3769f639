internal import CLIPCore

/// Gives each column of an SQLite query one type.
///
/// In SQLite a column may hold values of any type. The driver derives the types from the first rows and fails at a later
/// value of another one, such as a text in a column that was empty so far.
enum SQLiteTypes {
    private enum Kind {
        case integers
        case numbers
        case texts
        /// Texts and numbers, some of them fractions.
        case textsOfNumbers
        case bytes

        /// - Parameter names: The names of the types of all values, as ``SQLiteTypes/typeName(_:)`` gives them.
        init(_ names: Set<Substring>) {
            switch names.subtracting(["null"]) {
            case ["integer"], ["long"], ["integer", "long"]: self = .integers
            case ["real"], ["integer", "real"]: self = .numbers
            case let names where names.contains("blob"): self = .bytes
            case let names where names.contains("real"): self = .textsOfNumbers
            default: self = .texts
            }
        }

        /// A value of the type.
        var example: String {
            switch self {
            case .integers: "0"
            case .numbers: "0.5"
            case .texts, .textsOfNumbers: "''"
            case .bytes: "x'00'"
            }
        }

        func converted(_ column: String) -> String {
            switch self {
            case .integers: column
            case .numbers: "CAST(\(column) AS REAL)"
            case .texts: "CAST(\(column) AS TEXT)"
            case .textsOfNumbers:
                // A cast keeps 15 digits, and a float may need 17.
                """
                CASE WHEN typeof(\(column)) = 'real' AND CAST(CAST(\(column) AS TEXT) AS REAL) <> \(column) \
                THEN printf('%!.17g', \(column)) ELSE CAST(\(column) AS TEXT) END
                """
            case .bytes: "CAST(\(column) AS BLOB)"
            }
        }
    }

    /// The largest integer up to which each has a 64-bit float of its own.
    private static let largestExact = 9_007_199_254_740_991

    /// Rows per batch if there are bytes, which may be whole images.
    private static let rowsOfBytes = 64

    /// A query with the same rows, whose first row only shows the types.
    ///
    /// - Throws: `CLIPError` with code `unreadable`, or `notFound`.
    static func query(_ text: String, of database: Database) throws -> RowQuery {
        let connection = try DatabaseConnection(database, for: .reading)
        let names = try database.columnNames("SELECT * FROM (\n\(text)\n) LIMIT 0", over: connection)
        let columns = names.map(SQLText.identifier)
        let types = columns.map { "group_concat(DISTINCT \(typeName($0)))" }.joined(separator: ", ")
        let found = try database.texts("SELECT COUNT(*), \(types) FROM (\n\(text)\n)", over: connection)
        let row = found.first ?? [nil]
        let kinds = zip(columns, row.dropFirst()).map { Kind(Set(($1 ?? "").split(separator: ","))) }
        let examples = zip(kinds, columns).map { "\($0.example) AS \($1)" }.joined(separator: ", ")
        let values = zip(kinds, columns).map { $0.converted($1) }.joined(separator: ", ")
        let sql = "SELECT \(examples) UNION ALL SELECT \(values) FROM (\n\(text)\n)"
        return RowQuery(
            sql: sql,
            columnsSQL: "\(sql) LIMIT 1",
            options: kinds.contains(.bytes) ? [("adbc.sqlite.query.batch_rows", "\(rowsOfBytes)")] : [],
            skippedRows: 1,
            count: row[0].flatMap(Int.init)
        )
    }

    /// SQLite's name of a value's type, or `long` for an integer that a float may round.
    private static func typeName(_ column: String) -> String {
        """
        CASE WHEN typeof(\(column)) = 'integer' AND \(column) NOT BETWEEN -\(largestExact) AND \(largestExact) \
        THEN 'long' ELSE typeof(\(column)) END
        """
    }
}
