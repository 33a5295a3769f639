package import CLIPCore

/// A table of results in memory, to be printed or written to a file.
///
/// ```swift
/// let table = ResultTable([("id", .texts(["a.jpg"])), ("cosine", .numbers([0.31]))])
/// table.csv().string  // "id,cosine\r\na.jpg,0.31\r\n"
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

        /// Appends a value, a text by `write`.
        func append(row: Int, to text: inout TextBuffer, write: (String, inout TextBuffer) -> Void) {
            switch self {
            case .texts(let values): write(values[row], &text)
            case .integers(let values): text.append("\(values[row])")
            case .numbers(let values): text.append(values[row])
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

    /// The table as comma-separated values (RFC 4180): a header line, then one line per row.
    ///
    /// - Parameters:
    ///   - lineEnd: What ends a line.
    ///   - formulas: Counts the fields that spreadsheets take for formulas.
    /// - Returns: The text.
    package func csv(lineEnd: String = "\r\n", formulas: FormulaCells = FormulaCells()) -> TextBuffer {
        TextBuffer { text in
            text.append(csvFields: columns.map { formulas.written($0.name) })
            text.append(lineEnd)
            for row in 0..<rowCount {
                for (index, column) in columns.enumerated() {
                    if index > 0 { text.append(ascii: ",") }
                    column.values.append(row: row, to: &text) { $1.append(csvField: formulas.written($0)) }
                }
                text.append(lineEnd)
            }
        }
    }

    /// The table as JSON Lines: one object per row.
    package func jsonLines() -> TextBuffer {
        TextBuffer { text in
            for row in 0..<rowCount {
                text.append(ascii: "{")
                for (index, column) in columns.enumerated() {
                    if index > 0 { text.append(ascii: ",") }
                    text.append(jsonString: column.name)
                    text.append(ascii: ":")
                    column.values.append(row: row, to: &text) { $1.append(jsonString: $0) }
                }
                text.append("}\n")
            }
        }
    }

    /// Writes comma-separated values.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    package func writeCSV(to path: String, formulas: FormulaCells = FormulaCells()) throws {
        try Self.write(csv(formulas: formulas), to: path)
    }

    /// Writes JSON Lines.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    package func writeJSONLines(to path: String) throws {
        try Self.write(jsonLines(), to: path)
    }

    private static func write(_ text: TextBuffer, to path: String) throws {
        let file = try OutputFile(path: path)
        try file.write(text)
        try file.close()
    }
}
