internal import CLIPCore
internal import CLIPPipeline
internal import Synchronization

/// The paths that several images of a source have, which are no ids.
///
/// Found by reading only the paths, once; takes 16 bytes for each.
final class RepeatedPaths: Sendable {
    private static let rowsPerBatch = 16_384

    private let files: [(TableFile, TableColumn)]
    private let found = Mutex<ImageIDSet?>(nil)

    /// - Parameter shards: The tables of a source. Their paths are compared with each other and with those of further
    ///   shards beside them, so that shards that are embedded one after the other have different ids too.
    init(_ shards: [TableShard]) {
        let own = shards.filter { $0.layout.id == nil }
        let named = own.compactMap { shard in shard.layout.paths.map { (shard.file, $0) } }
        let known = Set(shards.map(\.file.path))
        let siblings = Set(named.flatMap { TableFiles.siblings(of: $0.0.path) }).subtracting(known).sorted()
        let columns = Set(named.map(\.1))
        let others = siblings.compactMap { try? TableFile(path: $0) }.compactMap { file in
            file.columns.first(where: columns.contains).map { (file, $0) }
        }
        files = named + others
    }

    /// The paths, as ids.
    ///
    /// - Throws: `CLIPError` if a table cannot be read.
    func paths() throws -> ImageIDSet {
        try found.withLock { found in
            if let found { return found }
            var (seen, repeated) = (ImageIDSet(), ImageIDSet())
            for (file, column) in files {
                let rows = try file.rows(columns: [column], rows: Self.rowsPerBatch)
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
            found = repeated
            return repeated
        }
    }
}

extension TableCells {
    /// An image's path as its id; `nil` if it is missing or cannot be one.
    func path(_ position: Int) -> String? {
        guard let path = try? text(position), (try? LocationSecrets.requireNone(in: path)) != nil else { return nil }
        return LocationSecrets.publicText(of: path)
    }
}
