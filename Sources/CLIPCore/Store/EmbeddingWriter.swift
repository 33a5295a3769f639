/// Stores the results of a run.
///
/// A store contains at most one vector per id at any time. `EmbeddingRun` calls a writer from one task at a time.
///
/// A run calls ``storedImages()`` first and ``finish(_:)`` last. A writer can be used for several runs in succession:
/// the next ``storedImages()`` starts a new one.
public protocol EmbeddingWriter: Sendable {
    /// The origin of the vectors, whose model must be the one that a run embeds with.
    var provenance: Provenance { get }

    /// The images that earlier runs embedded.
    ///
    /// - Throws: ``CLIPError`` with code `unreadable` or `corruptData`.
    func storedImages() async throws -> StoredImages

    /// Stores vectors. A vector replaces an existing one with the same id.
    ///
    /// - Throws: ``CLIPError`` with code `invalidEmbeddings` if an id occurs twice in the block, `storage`.
    func append(_ block: EmbeddingBlock) async throws

    /// Records a failed image and removes its stored vector, unless ``FailedImage/keepsVector`` is true.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    func recordFailure(_ image: FailedImage) async throws

    /// Removes the vectors of images whose ids are not in `ids`. Called at most once, after the last image.
    ///
    /// - Returns: The number of removed vectors.
    /// - Throws: ``CLIPError`` with code `storage`.
    func removeImages(notIn ids: ImageIDSet) async throws -> Int

    /// Makes everything durable. Called once, after the last image or when the run stops early.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    func finish(_ ending: RunEnding) async throws
}

/// How a run ended.
public enum RunEnding: Sendable, Hashable {
    /// All images of the source were processed.
    case complete
    /// The run stopped before the end of the source. Run it again to resume.
    case stopped
}
