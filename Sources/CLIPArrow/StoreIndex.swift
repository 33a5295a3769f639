internal import CLIPCore

/// Which part of a store holds which image.
struct StoreIndex {
    /// The images of each part, by its number: the first, of a merger of several.
    private(set) var parts = [Int32: ImageIDSet]()
    /// What the vectors were made from.
    private(set) var images = StoredImages()

    private static let rowsPerBatch = 8192

    /// Reads ids and what the vectors were made from, and no vectors.
    ///
    /// - Throws: `CLIPError` with code `corruptData` when a file is damaged, or an id is there twice.
    init(_ names: [PartName], layout: StoreLayout) throws {
        for name in names {
            let file = try ParquetFileReader(path: layout.path(name))
            let schema = try StoreSchema(file)
            var ids = ImageIDSet()
            try file.forEachBatch(columns: schema.originNames, rows: Self.rowsPerBatch) { batch in
                try schema.forEachOrigin(batch) { id, version, contentHash in
                    ids.insert(id)
                    guard images.insert(id: id, version: version, contentHash: contentHash) else {
                        throw CLIPError(
                            .corruptData,
                            "\(file.path): the image '\(id)' has a second vector in the store, so that nobody can tell "
                                + "which is valid. Embed into another folder."
                        )
                    }
                }
            }
            parts[Int32(name.first)] = ids
        }
    }
}
