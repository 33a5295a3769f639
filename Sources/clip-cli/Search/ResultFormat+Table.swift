internal import CLIPArrow
internal import CLIPCore
internal import CLIPReport

extension ResultFormat {
    /// Writes a table to a file.
    func write(_ table: ResultTable, to path: String, provenance: Provenance, formulas: FormulaCells) throws {
        switch self {
        case .parquet: try ParquetResultTable.write(table, to: path, provenance: provenance)
        case .csv: try table.writeCSV(to: path, formulas: formulas)
        case .jsonl: try table.writeJSONLines(to: path)
        }
    }
}
