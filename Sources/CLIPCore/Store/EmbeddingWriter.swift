/// Takes what a run produces.
///
/// A store has at most one vector for an id at any time. `EmbeddingRun` calls a writer from one task at a time.
///
/// A run calls ``storedImages()`` first and ``finish(_:)`` last, and the same writer may serve one run after another: the
/// next ``storedImages()`` starts a new one.
public protocol EmbeddingWriter: Sendable {
    /// The images that earlier runs stored.
    ///
    /// - Throws: ``CLIPError`` with code `unreadable` or `corruptData`.
    func storedImages() async throws -> StoredImages

    /// Stores vectors. One whose id is stored already replaces the older one.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    func append(_ block: EmbeddingBlock) async throws

    /// Records an image that could not be embedded, and removes the vector that is stored for it, unless
    /// ``FailedImage/keepsVector`` says that it stays.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    func recordFailure(_ image: FailedImage) async throws

    /// Removes the vectors of images that are not among `ids`. Called at most once, after the last image.
    ///
    /// - Returns: How many were removed.
    /// - Throws: ``CLIPError`` with code `storage`.
    func removeImages(notIn ids: ImageIDSet) async throws -> Int

    /// Makes everything durable. Called once, after the last image or when the run stops before it.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    func finish(_ ending: RunEnding) async throws
}

/// How a run came to its end.
public enum RunEnding: Sendable, Hashable {
    /// All images of the source were dealt with.
    case complete
    /// It stopped before the end of the source; the same run started again does the rest.
    case stopped
}
