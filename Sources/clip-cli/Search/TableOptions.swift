internal import ArgumentParser
internal import CLIPCore
internal import CLIPReport

/// Destination and format of a table of results.
struct TableOptions: ParsableArguments {
    @Option(help: "Format of printed results: text, csv or jsonl.")
    var format = TableFormat.text

    @Option(
        help: ArgumentHelp(
            "Write results to this file (\(ResultFormat.list)) instead of printing them.",
            valueName: "file"
        )
    )
    var output: String?

    @OptionGroup var spreadsheet: SpreadsheetOption

    func validate() throws {
        guard let output else { return try spreadsheet.check(writesCSV: format == .csv) }
        guard let format = ResultFormat(path: output) else {
            throw ValidationError("--output must end in \(ResultFormat.list), not '\(output)'.")
        }
        try spreadsheet.check(writesCSV: format == .csv)
    }

    /// Whether a program may read the results, so that an empty table is written too.
    var isForMachines: Bool { output != nil || format != .text }

    /// Writes or prints the table.
    func show(_ table: ResultTable, provenance: Provenance) throws {
        let formulas = spreadsheet.cells
        if let output {
            try ResultFormat(path: output)?.write(table, to: output, provenance: provenance, formulas: formulas)
            try Terminal.print("Results: \(output)")
        } else {
            try print(table, formulas: formulas)
        }
        formulas.warn(about: output ?? "the printed results", advice: SpreadsheetOption.advice)
    }

    private func print(_ table: ResultTable, formulas: FormulaCells) throws {
        switch format {
        case .text: try Terminal.print(Text.table(table))
        // The last line is ended by printing it.
        case .csv: try Terminal.print(csv: String(table.csv(lineEnd: "\n", formulas: formulas).string.dropLast()))
        case .jsonl where table.rowCount == 0: break
        case .jsonl: try Terminal.print(json: String(table.jsonLines().string.dropLast()))
        }
    }
}

/// The values of `--format`.
enum TableFormat: String, CaseIterable, ExpressibleByArgument {
    case text
    case csv
    case jsonl
}

extension Text {
    /// The table as text, with four decimals.
    static func table(_ table: ResultTable) -> String {
        let columns = table.columns.map { column -> [String] in
            switch column.values {
            case .texts(let values): values.map(printable)
            case .integers(let values): values.map(String.init)
            case .numbers(let values): values.map { fixed(Double($0), digits: 4) }
            }
        }
        return Text.table(
            header: table.columns.map { printable($0.name) },
            rows: (0..<table.rowCount).map { row in columns.map { $0[row] } },
            leftAligned: Set(
                table.columns.indices.filter {
                    guard case .texts = table.columns[$0].values else { return false }
                    return true
                }
            )
        )
    }
}
