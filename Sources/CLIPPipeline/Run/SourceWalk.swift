internal import CLIPCore

/// The images found in a source.
struct SourceWalk {
    /// Their ids.
    private(set) var ids = ImageIDSet()
    /// The number of images found, including those with a duplicate id.
    private(set) var count = 0
    /// Whether some stand for unreadable parts of the source.
    private(set) var hasUnknownParts = false

    /// Counts an image and returns its outcome if it is known without reading it.
    mutating func settle(_ image: ImageReference, _ rerun: RerunCheck) -> PreparedImage? {
        count += 1
        hasUnknownParts = hasUnknownParts || image.isUnknownPart
        let key = ImageIDKey(image.id)
        guard ids.insert(key) else {
            let message = "An earlier image has the same id; ids must be unique in a store."
            let error = CLIPError(.invalidEmbeddings, message)
            return .failed(ImageFailure(id: image.id, stage: .read, error: error))
        }
        return rerun.isUnchanged(image, key: key) ? .unchanged : nil
    }
}
