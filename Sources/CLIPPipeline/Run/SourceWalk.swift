internal import CLIPCore

/// The images of a source that were found.
struct SourceWalk {
    /// Their ids.
    private(set) var ids = ImageIDSet()
    /// How many there were, those with an id of another one among them.
    private(set) var count = 0
    /// Whether some stand for parts of the source that could not be looked into.
    private(set) var hasUnknownParts = false

    /// Counts an image, and says what becomes of it when that is known without reading it.
    mutating func settle(_ image: ImageReference, _ rerun: RerunCheck) -> PreparedImage? {
        count += 1
        hasUnknownParts = hasUnknownParts || image.isUnknownPart
        let key = ImageIDKey(image.id)
        guard ids.insert(key) else {
            let message = "Another image before it has the same id; ids must be unique in a store."
            let error = CLIPError(.invalidEmbeddings, message)
            return .failed(ImageFailure(id: image.id, stage: .read, error: error))
        }
        return rerun.isUnchanged(image, key: key) ? .unchanged : nil
    }
}
