internal import CLIPCore

/// Which part of a store holds which image.
///
/// Where two runs wrote to a store at once, an image may have several rows. The last one counts: like any other it says what
/// its vector was made from, so that a run finds out whether that is still the image.
struct StoreIndex {
    /// The images of each part; each image is in one.
    private(set) var parts = [PartName: ImageIDSet]()
    /// What the vectors were made from.
    private(set) var images = StoredImages()
    /// Rows of images that have another one behind them.
    private(set) var doubled = [PartName: DroppedRows]()

    private static let rowsPerBatch = 8192

    /// Reads ids and what the vectors were made from, and no vectors.
    ///
    /// - Throws: `CLIPError` with code `corruptData` when a file is damaged.
    init(_ names: [PartName], layout: StoreLayout) throws {
        for name in names {
            try layout.reading(name) { try add(name, $0) }
        }
    }

    /// Number of images that have more than one row.
    var doubledCount: Int {
        doubled.values.reduce(into: Set<ImageIDKey>()) { $0.formUnion($1.images.union($1.repeated.keys)) }.count
    }

    private mutating func add(_ name: PartName, _ file: ParquetFileReader) throws {
        let schema = try StoreSchema(file)
        var ids = ImageIDSet()
        var earlier = [PartName: Set<ImageIDKey>]()
        try file.forEachBatch(columns: schema.originNames, rows: Self.rowsPerBatch) { batch in
            try schema.forEachOrigin(batch) { id, version, contentHash in
                let key = ImageIDKey(id)
                let isFirst = ids.insert(key)
                guard !images.insert(key, version: version, contentHash: contentHash) else { return }
                if !isFirst {
                    doubled[name, default: DroppedRows()].repeated[key, default: 1] += 1
                } else if let part = parts.first(where: { $0.value.contains(key) })?.key {
                    earlier[part, default: []].insert(key)
                }
            }
        }
        for (part, keys) in earlier { drop(keys, from: part) }
        parts[name] = ids
    }

    /// Gives up the rows that an earlier part has of images.
    private mutating func drop(_ keys: Set<ImageIDKey>, from part: PartName) {
        parts[part] = parts[part].map { ImageIDSet(keys: Set($0.keys).subtracting(keys)) }
        doubled[part, default: DroppedRows()].images.formUnion(keys)
        for key in keys { doubled[part]?.repeated[key] = nil }
    }
}
