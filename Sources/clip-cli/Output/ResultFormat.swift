internal import ArgumentParser
internal import CLIPArrow
internal import CLIPCore
internal import CLIPDatabase
internal import CLIPReport

/// The result file, or the table of results.
struct ResultOutput: ParsableArguments {
    @Option(help: ArgumentHelp("Result file, \(ResultFormat.list).", valueName: "file"))
    var output: String?

    @Option(help: ArgumentHelp("Database for the results instead: \(DatabaseArgument.help).", valueName: "url"))
    var outputDatabase: String?

    @OptionGroup var table: TableOutput
    @OptionGroup var spreadsheet: SpreadsheetOption

    /// What to call the results in messages.
    var name: String { output ?? "table \(table.table ?? "")" }

    func validate() throws {
        guard (output == nil) != (outputDatabase == nil) else {
            throw ValidationError("Pass either --output, or --output-database and --table.")
        }
        try spreadsheet.check(writesCSV: output.map(Self.format) == .csv)
        try table.check(outputDatabase, option: "--output-database")
    }

    /// Starts the file, or a transaction.
    ///
    /// `formulas` counts the texts in CSV that spreadsheets take for formulas.
    func writer(
        _ schema: ResultSchema,
        provenance: Provenance,
        formulas: FormulaCells
    ) throws -> any ResultWriter {
        if let outputDatabase, let name = table.table {
            return try BackgroundResultWriter(
                DatabaseResultWriter(
                    DatabaseArgument.database(outputDatabase, driver: table.driver.databaseDriver),
                    table: name,
                    existing: table.ifExists.value,
                    schema: schema,
                    provenance: provenance
                )
            )
        }
        guard let output else { preconditionFailure("validate requires a file or a table") }
        switch try Self.format(output) {
        case .parquet:
            return try BackgroundResultWriter(ParquetResultWriter(path: output, schema: schema, provenance: provenance))
        case .csv: return try BackgroundResultWriter(CSVResultWriter(path: output, schema: schema, formulas: formulas))
        case .jsonl: return try BackgroundResultWriter(JSONLinesResultWriter(path: output, schema: schema))
        }
    }

    private static func format(_ output: String) throws -> ResultFormat {
        guard let format = ResultFormat(path: output) else {
            throw ValidationError("--output must end in \(ResultFormat.list), not '\(output)'.")
        }
        return format
    }
}

/// The format of a result file, chosen by its extension.
enum ResultFormat: String, CaseIterable {
    case parquet, csv, jsonl

    /// All formats, as text.
    static var list: String {
        let names = allCases.map { ".\($0.rawValue)" }
        return "\(names.dropLast().joined(separator: ", ")) or \(names.last ?? "")"
    }

    init?(path: String) {
        guard let format = Self.allCases.first(where: { path.lowercased().hasSuffix(".\($0.rawValue)") }) else {
            return nil
        }
        self = format
    }
}
