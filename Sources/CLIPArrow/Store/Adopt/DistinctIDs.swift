internal import CLIPCore

/// Checks that no id occurs twice in files with vectors, or there and among failed images, in memory that does not grow with
/// the number of vectors.
///
/// Each pass reads all ids and compares those whose hashes fall to it.
struct DistinctIDs {
    /// The files, with the column `id`.
    let paths: [String]
    /// The images that failed, which a job may list several times.
    let failed: Set<ImageIDKey>
    /// The number of the files' rows.
    let count: Int
    /// About how many hashes, of 16 bytes each, are compared at a time.
    let idsPerPass: Int

    private static let rowsPerBatch = 8192

    /// - Throws: `CLIPError` with code `invalidEmbeddings` that names an id and its files; `corruptData` or
    ///   `unreadable` if a file is damaged.
    func check() throws {
        let passes = max(1, (count + idsPerPass - 1) / idsPerPass)
        for pass in 0..<passes {
            var keys = [ImageIDKey]()
            keys.reserveCapacity(min(count, idsPerPass + idsPerPass / 8))
            try forEachID { _, id in
                let key = ImageIDKey(id)
                if key.bucket(of: passes) == pass { keys.append(key) }
            }
            keys.sort()
            if let twice = zip(keys, keys.dropFirst()).first(where: { $0 == $1 }) { throw try problem(twice.0) }
            if let both = keys.first(where: failed.contains) { throw try problem(both) }
        }
    }

    private func problem(_ key: ImageIDKey) throws -> CLIPError {
        var places = [String]()
        var id = ""
        try forEachID { path, candidate in
            guard ImageIDKey(candidate) == key else { return }
            id = candidate
            places.append(path)
        }
        if failed.contains(key) { places.append("the list of failed images") }
        let files = Set(places).count == 1 ? "\(places[0]) twice" : places.joined(separator: " and ")
        return CLIPError(
            .invalidEmbeddings,
            "The id '\(id)' occurs in \(files), and an image has one vector or one failure. Give the job each image once, under "
                + "an id of its own."
        )
    }

    private func forEachID(_ body: (_ path: String, _ id: String) -> Void) throws {
        for path in paths {
            try ParquetFileReader(path: path).forEachBatch(columns: ["id"], rows: Self.rowsPerBatch) { batch in
                for id in try batch.texts("id") { body(path, id) }
            }
        }
    }
}
