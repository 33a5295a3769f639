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

    /// Whether a file is a Parquet file of results written by this library.
    package static func isWritten(_ path: String) -> Bool {
        ownColumns(path)?.isDisjoint(with: storeColumns) == true
    }

    /// Whether a file is one of a store written by this library: vectors, or failed images.
    package static func isOfStore(_ path: String) -> Bool {
        ownColumns(path)?.isDisjoint(with: storeColumns) == false
    }

    /// Columns that files of stores have, and no results.
    private static let storeColumns = ["embedding", "stage"]

    /// The columns of a file that this library wrote, `nil` of others.
    private static func ownColumns(_ path: String) -> Set<String>? {
        guard let file = try? ParquetFileReader(path: path), (try? Provenance(file)) != nil else { return nil }
        return (try? file.columns()).map { Set($0.map(\.name)) }
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
