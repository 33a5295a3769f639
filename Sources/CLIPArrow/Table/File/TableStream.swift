internal import CLIPCore
internal import CParquet

/// Rows that come as a stream of Arrow batches, such as those of a query.
package struct TableStream: Sendable {
    /// What the rows are called in messages.
    let name: String
    let count: @Sendable () throws -> Int
    private let open: @Sendable (UnsafeMutableRawPointer, Bool) throws -> Void

    /// - Parameters:
    ///   - name: What the rows are called in messages.
    ///   - count: Counts them.
    ///   - open: Fills an `ArrowArrayStream`, which starts at the first row, or of which only the columns are used.
    package init(
        name: String,
        count: @escaping @Sendable () throws -> Int,
        open: @escaping @Sendable (_ stream: UnsafeMutableRawPointer, _ isForColumns: Bool) throws -> Void
    ) {
        self.name = name
        self.count = count
        self.open = open
    }

    /// The names of the columns, without reading rows.
    ///
    /// - Throws: `CLIPError` with code `unreadable`.
    package func columnNames() throws -> [String] {
        try columns().map(\.nameInFile)
    }

    /// All rows of a small stream as texts; `nil` stands for missing and empty values.
    ///
    /// - Throws: `CLIPError` with code `unreadable`.
    package func texts() throws -> [[String?]] {
        let stream = try batches(columns: [])
        let rows = TableRows(stream, columns: stream.columns.map(TableColumn.init))
        var texts = [[String?]]()
        while let batch = try rows.next() {
            withExtendedLifetime(batch) {
                texts += (0..<batch.count).map { row in batch.cells.map { try? $0.text(row) } }
            }
        }
        return texts
    }

    func columns() throws -> [StreamColumn] {
        try batches(columns: [], isForColumns: true).columns
    }

    /// The rows, with columns converted to a few common types; all columns if none is named.
    func batches(columns: [String], isForColumns: Bool = false) throws -> RecordBatchStream {
        var source = ArrowArrayStream()
        try open(&source, isForColumns)
        return try RecordBatchStream(file: name, columns: columns) {
            pqc_plain_stream(name, &source, $0, $0.count, $1, $2)
        }
    }
}
