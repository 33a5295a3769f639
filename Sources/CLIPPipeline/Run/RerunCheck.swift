internal import CLIPCore

/// Tells which images of a source are stored and unchanged, so that a run need not embed them again.
struct RerunCheck: Sendable {
    let stored: StoredImages
    /// Whether versions do not count, so that every image is read.
    let comparesContent: Bool

    /// Whether an image can be skipped without reading it; `key` is its id's.
    func isUnchanged(_ image: ImageReference, key: ImageIDKey) -> Bool {
        !comparesContent && stored.isCurrent(key, version: image.version)
    }

    /// Whether an image that was read was made from a file with the same content: it may have been touched, moved to
    /// another disk or written again without being another image.
    func isUnchanged(_ image: ImageReference, contentHash: String?) -> Bool {
        contentHash.map { stored.isCurrent(image.id, contentHash: $0) } ?? false
    }
}
