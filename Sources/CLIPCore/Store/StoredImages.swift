/// The images of a store, and what each vector was made from.
public struct StoredImages: Sendable {
    private struct Entry {
        let version: ImageIDKey?
        let contentHash: ImageIDKey?
    }

    private var entries = [ImageIDKey: Entry]()

    /// Creates a record of an empty store.
    public init() {}

    /// The number of images.
    package var count: Int { entries.count }

    /// Adds an embedded image.
    ///
    /// - Returns: Whether the image is new.
    @discardableResult
    public mutating func insert(id: String, version: String?, contentHash: String?) -> Bool {
        insert(ImageIDKey(id), version: version, contentHash: contentHash)
    }

    @discardableResult
    package mutating func insert(_ key: ImageIDKey, version: String?, contentHash: String?) -> Bool {
        let entry = Entry(version: version.map { ImageIDKey($0) }, contentHash: contentHash.map { ImageIDKey($0) })
        return entries.updateValue(entry, forKey: key) == nil
    }

    /// Whether the store contains an image.
    package func contains(_ id: String) -> Bool {
        entries[ImageIDKey(id)] != nil
    }

    /// Whether a set has the ids of all images.
    package func isSubset(of ids: ImageIDSet) -> Bool {
        entries.keys.allSatisfy(ids.contains)
    }

    /// Whether the store contains an image that has not changed since, according to its version.
    ///
    /// A version that is unknown, now or when the image was embedded, counts as unchanged. `version` is evaluated only
    /// if the store contains the image.
    package func isCurrent(_ id: String, version: @autoclosure () -> String?) -> Bool {
        isCurrent(ImageIDKey(id), version: version())
    }

    package func isCurrent(_ key: ImageIDKey, version: @autoclosure () -> String?) -> Bool {
        guard let entry = entries[key] else { return false }
        guard let stored = entry.version, let version = version() else { return true }
        return stored == ImageIDKey(version)
    }

    /// Whether the store contains an image that was made from a file with this content.
    package func isCurrent(_ id: String, contentHash: String) -> Bool {
        entries[ImageIDKey(id)]?.contentHash == ImageIDKey(contentHash)
    }
}
