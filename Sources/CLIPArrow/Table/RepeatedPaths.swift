internal import CLIPCore
internal import CLIPPipeline

/// The paths that several images of a table have.
///
/// Found by reading only the paths; takes 16 bytes for each.
struct RepeatedPaths {
    private static let rowsPerBatch = 16_384

    private var repeated = ImageIDSet()

    /// - Throws: `CLIPError` if the table cannot be read.
    init(_ shard: TableShard) throws {
        guard shard.layout.id == nil, let column = shard.layout.paths else { return }
        var seen = ImageIDSet()
        let rows = try shard.file.rows(columns: [column], rows: Self.rowsPerBatch)
        while let batch = try rows.next() {
            withExtendedLifetime(batch) {
                let items = batch.cells[0].items
                for position in (0..<batch.count).lazy.flatMap(batch.cells[0].itemPositions) {
                    guard let path = items.path(position), !seen.insert(path) else { continue }
                    repeated.insert(path)
                }
            }
        }
    }

    func contains(_ path: String) -> Bool { repeated.contains(path) }
}

extension TableCells {
    /// An image's path as its id; `nil` if it is missing or cannot be one.
    func path(_ position: Int) -> String? {
        guard let path = try? text(position), (try? LocationSecrets.requireNone(in: path)) != nil else { return nil }
        return LocationSecrets.publicText(of: path)
    }
}
