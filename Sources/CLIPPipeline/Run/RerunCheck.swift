internal import CLIPCore

/// Decides which images of a source are already stored and unchanged, so that a run can skip them.
struct RerunCheck: Sendable {
    let stored: StoredImages
    /// Whether versions are ignored, so that every image is read.
    let comparesContent: Bool

    /// Whether an image can be skipped without reading it; `key` is the key of its id.
    func isUnchanged(_ image: ImageReference, key: ImageIDKey) -> Bool {
        !comparesContent && stored.isCurrent(key, version: image.version)
    }

    /// Whether an image that was read has the same content as the stored one, for example after it was touched, moved
    /// to another disk or rewritten without changes.
    func isUnchanged(_ image: ImageReference, contentHash: String?) -> Bool {
        contentHash.map { stored.isCurrent(image.id, contentHash: $0) } ?? false
    }
}
