internal import CLIPArrow
internal import CLIPCore

/// How many images of a store results cover.
struct ResultCoverage {
    /// Number of the store's images that the results have.
    let sharedCount: Int
    /// Number of the store's images that the results do not have.
    let missingCount: Int
    /// Whether the results are of this store but do not have all of its images.
    var isIncomplete: Bool { sharedCount > 0 && missingCount > 0 }

    /// Compares ids.
    ///
    /// - Throws: `CLIPError` if a file is damaged.
    init(of store: ParquetStore, by results: ParquetResults) throws {
        let ids = try results.imageIDs()
        var shared = 0
        try store.forEachUnreadBlock(rows: 8192) { block in
            shared += block.ids.count { ids.contains($0) }
        }
        sharedCount = shared
        missingCount = store.count - shared
    }
}
