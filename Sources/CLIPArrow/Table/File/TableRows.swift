internal import CLIPCore
internal import CParquet

/// Reads the rows of a table, batch by batch.
struct TableRows {
    private let stream: RecordBatchStream
    private let columns: [TableColumn]

    /// - Parameters:
    ///   - stream: The rows. A further column may follow, which says why a row cannot be split into values.
    ///   - columns: The columns, in stream order.
    init(_ stream: RecordBatchStream, columns: [TableColumn]) {
        self.stream = stream
        self.columns = columns
    }

    /// The next batch, or `nil` at the end.
    ///
    /// - Throws: `CLIPError` with code `corruptData`.
    func next() throws -> TableBatch? {
        try stream.next().map { TableBatch($0, columns: columns) }
    }
}

/// Consecutive rows of a table.
struct TableBatch {
    private let owner: ImportedBatch
    /// The values of each column, which must not outlive the batch.
    let cells: [TableCells]
    private let faults: TableCells?

    fileprivate init(_ owner: ImportedBatch, columns: [TableColumn]) {
        self.owner = owner
        cells = columns.enumerated().map { TableCells(owner, position: $0.offset, column: $0.element) }
        faults =
            Int(owner.array.n_children) > columns.count
            ? TableCells(owner, position: columns.count, column: TableColumn(name: "", kind: .values(.text))) : nil
    }

    /// Number of rows.
    var count: Int { owner.count }

    /// The reason why a row cannot be split into values, as the rest of a sentence about it; `nil` if there is none.
    func fault(_ row: Int) -> String? {
        faults.flatMap { try? $0.text(row) }
    }
}
