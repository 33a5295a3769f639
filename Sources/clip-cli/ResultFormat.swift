internal import CLIPArrow
internal import CLIPCore

/// Kinds of result files, chosen by the file's name.
enum ResultFormat: String, CaseIterable {
    case parquet
    case csv
    case jsonl

    static let list = allCases.map { ".\($0.rawValue)" }.joined(separator: ", ")

    init?(path: String) {
        guard let format = Self.allCases.first(where: { path.lowercased().hasSuffix(".\($0.rawValue)") }) else {
            return nil
        }
        self = format
    }

    func writer(path: String, categories: [String], provenance: Provenance) throws -> any DecisionWriter {
        switch self {
        case .parquet: try ParquetDecisionWriter(path: path, categories: categories, provenance: provenance)
        case .csv: try CSVDecisionWriter(path: path, categories: categories)
        case .jsonl: try JSONLinesDecisionWriter(path: path, categories: categories)
        }
    }
}
