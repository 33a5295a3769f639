internal import CLIPCore

/// A table of results in memory, to be printed or written to a file.
///
/// ```swift
/// let table = ResultTable([("id", .texts(["a.jpg"])), ("cosine", .numbers([0.31]))])
/// table.csvLines()  // ["id,cosine", "a.jpg,0.31"]
/// ```
package struct ResultTable: Sendable, Hashable {
    /// The values of one column, one per row.
    package enum Values: Sendable, Hashable {
        /// Texts.
        case texts([String])
        /// Integers.
        case integers([Int])
        /// 32-bit floats, all finite.
        case numbers([Float])

        var count: Int {
            switch self {
            case .texts(let values): values.count
            case .integers(let values): values.count
            case .numbers(let values): values.count
            }
        }

        func text(row: Int) -> String {
            switch self {
            case .texts(let values): values[row]
            case .integers(let values): "\(values[row])"
            case .numbers(let values): "\(values[row])"
            }
        }

        func json(row: Int) -> String {
            switch self {
            case .texts(let values): JSONText.string(values[row])
            case .integers, .numbers: text(row: row)
            }
        }
    }

    /// One column.
    package struct Column: Sendable, Hashable {
        /// Its name, unique in the table.
        package let name: String
        /// Its values.
        package let values: Values
    }

    /// The columns, in order.
    package let columns: [Column]

    /// Number of rows.
    package var rowCount: Int { columns.first?.values.count ?? 0 }

    /// Creates a table.
    ///
    /// - Precondition: Columns have unique names and the same number of values.
    package init(_ columns: [(name: String, values: Values)]) {
        self.columns = columns.map { Column(name: $0.name, values: $0.values) }
        precondition(Set(columns.map(\.name)).count == columns.count, "names of columns are unique")
        precondition(columns.allSatisfy { $0.values.count == columns[0].values.count }, "columns are equally long")
    }

    /// The table as comma-separated values (RFC 4180): a header line, then one line per row, without line terminators.
    package func csvLines() -> [String] {
        let rows = (0..<rowCount).map { row in CSVLine.text(columns.map { $0.values.text(row: row) }) }
        return [CSVLine.text(columns.map(\.name))] + rows
    }

    /// The table as JSON Lines: one object per row, without line terminators.
    package func jsonLines() -> [String] {
        (0..<rowCount).map { row in
            JSONText.object(columns.map { (key: $0.name, value: $0.values.json(row: row)) })
        }
    }

    /// Writes comma-separated values.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    package func writeCSV(to path: String) throws {
        try write(csvLines(), terminator: "\r\n", to: path)
    }

    /// Writes JSON Lines.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    package func writeJSONLines(to path: String) throws {
        try write(jsonLines(), terminator: "\n", to: path)
    }

    private func write(_ lines: [String], terminator: String, to path: String) throws {
        let file = try OutputFile(path: path)
        for line in lines {
            try file.write(line + terminator)
        }
        try file.close()
    }
}
