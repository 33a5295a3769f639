internal import CLIPCore
internal import CLIPPipeline

/// Iterates over the objects below a folder, with one page of the listing in memory.
struct ObjectIterator: ImageIterator {
    private let source: ObjectStoreSource
    private let filter: FileFilter
    private let store: ObjectStore
    private let bucket: String
    /// The prefix of all keys before the relative path: empty, or ending with a slash.
    private let root: String
    private var listing: Listing?
    private var page = [Listing.Entry]()[...]

    init(_ source: ObjectStoreSource, store: ObjectStore, folder: ObjectLocation) throws {
        self.source = source
        filter = try source.options.filter()
        self.store = store
        bucket = folder.bucket
        var key = Substring(folder.key).utf8
        while key.last == UInt8(ascii: "/") { key.removeLast() }
        root = key.isEmpty ? "" : String(Substring(key)) + "/"
    }

    mutating func next() async throws -> ImageReference? {
        while true {
            while let entry = page.popFirst() {
                let path = entry.key.utf8.dropFirst(root.utf8.count)
                guard filter.offersFile(inUntestedFoldersAt: Array(path)[...]) else { continue }
                return reference(entry, id: source.options.idPrefix + Substring(path))
            }
            page = try await nextPage()[...]
            if page.isEmpty { return nil }
        }
    }

    private mutating func nextPage() async throws -> [Listing.Entry] {
        let listing =
            if let listing { listing } else { try await store.bucket(bucket).listing(of: root) }
        self.listing = listing
        return try await store.nextPage(listing)
    }

    private func reference(_ entry: Listing.Entry, id: String) -> ImageReference {
        let location = ObjectLocation(bucket: bucket, key: entry.key)
        return ImageReference(id: id, version: entry.version) {
            [store, limit = source.options.maximumFileBytes] buffer in
            try await store.read(location, maximumBytes: limit, into: &buffer)
        }
    }
}
