package import CLIPCore

/// Maps the images of a store to its parts.
///
/// If two runs wrote to a store at the same time, an image may have several rows. The last one counts. Like any other,
/// it has an origin, so that a run can detect whether the image has changed.
struct StoreIndex {
    /// The images of each part; each image is in one part only.
    private(set) var parts = [PartName: ImageIDSet]()
    /// The origins of the vectors.
    private(set) var images = StoredImages()
    /// Rows of images that have a later row.
    private(set) var doubled = [PartName: DroppedRows]()

    private static let rowsPerBatch = 8192

    /// Reads ids and origins, but no vectors.
    ///
    /// - Throws: `CLIPError` with code `corruptData` if a file is damaged.
    init(_ names: [PartName], layout: StoreLayout) throws {
        for name in names {
            try layout.reading(name) { try add(name, $0) }
        }
    }

    /// The number of images with more than one row.
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

    /// Marks the rows of images in an earlier part as superseded.
    private mutating func drop(_ keys: Set<ImageIDKey>, from part: PartName) {
        parts[part] = parts[part].map { ImageIDSet(keys: Set($0.keys).subtracting(keys)) }
        doubled[part, default: DroppedRows()].images.formUnion(keys)
        for key in keys { doubled[part]?.repeated[key] = nil }
    }
}

extension ParquetStore {
    /// The images, and what each vector was made from, read without vectors.
    ///
    /// - Throws: `CLIPError` if a file is damaged.
    /// - Precondition: It is not a single part.
    package func storedImages() throws -> StoredImages {
        guard let layout else { preconditionFailure("a part has no list of its store's images") }
        return try StoreIndex(layout.parts(), layout: layout).images
    }
}
