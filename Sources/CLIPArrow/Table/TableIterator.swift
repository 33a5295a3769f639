internal import CLIPCore
internal import CLIPPipeline

/// Iterates over the images of a table's files.
struct TableIterator: ImageIterator {
    private let source: TableSource
    private var rest: ArraySlice<TableShard>
    private var current: ShardIterator?

    init(_ source: TableSource) throws {
        self.source = source
        rest = source.shards[...]
        try openNext()
    }

    mutating func next() throws -> ImageReference? {
        while current != nil {
            if let image = try current?.next() { return image }
            try openNext()
        }
        return nil
    }

    private mutating func openNext() throws {
        current = try rest.popFirst().map { try ShardIterator($0, of: source) }
    }
}

/// Iterates over the images of one file, which are those of its rows, or of the lists in its rows.
private struct ShardIterator {
    private static let rowsOfPaths = 4096
    /// Rows per batch if images are bytes, which are large.
    private static let rowsOfBytes = 64

    private let reader: RowReader
    private let rows: TableRows
    private var batch: TableBatch?
    private var row = 0
    private var rowNumber = 0
    /// The number of images of the row that were offered.
    private var offered = 0

    init(_ shard: TableShard, of source: TableSource) throws {
        reader = try RowReader(shard, of: source)
        rows = try shard.file.rows(
            columns: shard.layout.all,
            rows: shard.layout.holdsLocations ? Self.rowsOfPaths : Self.rowsOfBytes
        )
    }

    mutating func next() throws -> ImageReference? {
        while true {
            if let batch, row < batch.count {
                if offered == 0 { rowNumber += 1 }
                return withExtendedLifetime(batch) {
                    // A row without images is one image that cannot be read.
                    let count = max(1, batch.cells[0].itemPositions(row).count)
                    defer {
                        offered = (offered + 1) % count
                        if offered == 0 { row += 1 }
                    }
                    return reader.image(batch, row: row, item: offered, number: rowNumber)
                }
            }
            batch = nil
            batch = try rows.next()
            row = 0
            if batch == nil { return nil }
        }
    }
}
