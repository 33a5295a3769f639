package import CLIPCore
package import CLIPReport

/// Writes a table of results as a Parquet file that is complete or absent.
package enum ParquetResultTable {
    private static let rowsPerWrite = 65_536

    /// Writes a table: texts as strings, 64-bit integers, and 32-bit floats.
    ///
    /// - Parameters:
    ///   - table: The results.
    ///   - path: The file.
    ///   - provenance: The model that produced the results, for the metadata.
    /// - Throws: `CLIPError` with code `storage`.
    package static func write(_ table: ResultTable, to path: String, provenance: Provenance) throws {
        let file = try ParquetFileWriter(
            path: path,
            fields: table.columns.map { Field(name: $0.name, kind: $0.values.kind) },
            metadata: provenance.metadata,
            options: .init(rowGroupRows: rowsPerWrite)
        )
        for start in stride(from: 0, to: table.rowCount, by: rowsPerWrite) {
            let rows = start..<min(start + rowsPerWrite, table.rowCount)
            try file.write(table.columns.map { $0.values.column(rows) })
        }
        try file.close()
    }

    /// Whether a file is a Parquet file written by this library: a table, results or embeddings.
    package static func isWritten(_ path: String) -> Bool {
        (try? ParquetFileReader(path: path)).flatMap { try? Provenance($0) } != nil
    }
}

extension ResultTable.Values {
    fileprivate var kind: Column.Kind {
        switch self {
        case .texts: .text
        case .integers: .integer
        case .numbers: .float
        }
    }

    fileprivate func column(_ rows: Range<Int>) -> Column {
        switch self {
        case .texts(let values): .text(Array(values[rows]))
        case .integers(let values): .integers(values[rows].map { Int64($0) })
        case .numbers(let values): .float(Array(values[rows]))
        }
    }
}
