internal import ArgumentParser
internal import CLIPArrow
internal import CLIPCore
internal import CLIPReport

/// The result file.
struct ResultOutput: ParsableArguments {
    @Option(help: ArgumentHelp("Result file, \(ResultFormat.list).", valueName: "file"))
    var output: String

    func validate() throws {
        _ = try format()
    }

    func writer(_ schema: ResultSchema, provenance: Provenance) throws -> any ResultWriter {
        switch try format() {
        case .parquet:
            try BackgroundResultWriter(ParquetResultWriter(path: output, schema: schema, provenance: provenance))
        case .csv: try BackgroundResultWriter(CSVResultWriter(path: output, schema: schema))
        case .jsonl: try BackgroundResultWriter(JSONLinesResultWriter(path: output, schema: schema))
        }
    }

    private func format() throws -> ResultFormat {
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
