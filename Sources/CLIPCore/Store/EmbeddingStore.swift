/// Vectors with the ids of their images: what is written and read in one piece.
public struct EmbeddingBlock: Sendable, Equatable {
    /// The images' ids.
    public let ids: [String]
    /// Their unit vectors, in the same order.
    public let embeddings: EmbeddingMatrix
    /// What the vectors were made from, in the same order; empty where it was not read or is not known.
    public let origins: [ImageOrigin]

    /// Joins ids and vectors.
    ///
    /// - Precondition: There are as many ids as vectors, and as many origins or none.
    public init(ids: [String], embeddings: EmbeddingMatrix, origins: [ImageOrigin] = []) {
        precondition(ids.count == embeddings.count, "every vector has an id")
        precondition(origins.isEmpty || origins.count == ids.count, "every vector has an origin, or none has")
        self.ids = ids
        self.embeddings = embeddings
        self.origins = origins
    }
}

/// What a vector was made from: tells whether it is still up to date.
public struct ImageOrigin: Sendable, Hashable {
    /// The image's ``ImageReference/version``.
    public let version: String?
    /// A hash of the image file's bytes, such as its SHA-256 in hexadecimal digits.
    public let contentHash: String?
    /// The image's values of the source's columns.
    public let values: [ColumnValue]

    /// Describes what a vector was made from.
    public init(version: String? = nil, contentHash: String? = nil, values: [ColumnValue] = []) {
        self.version = version
        self.contentHash = contentHash
        self.values = values
    }
}

/// Takes what a run produces.
///
/// A store has at most one vector for an id at any time. `EmbeddingRun` calls a writer from one task at a time.
public protocol EmbeddingWriter: Sendable {
    /// The images that earlier runs stored.
    ///
    /// - Throws: ``CLIPError`` with code `unreadable` or `corruptData`.
    func storedImages() async throws -> StoredImages

    /// Stores vectors. One whose id is stored already takes the place of the older one.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    func append(_ block: EmbeddingBlock) async throws

    /// Records an image that could not be embedded, and removes the vector that is stored for it, unless
    /// ``RejectedImage/keepsVector`` says that it stays.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    func reject(_ image: RejectedImage) async throws

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

/// Gives back what was stored.
public protocol EmbeddingReader: Sendable {
    /// What error messages call the store, for example its path.
    var name: String { get }
    /// Where the vectors come from.
    var provenance: Provenance { get }
    /// Number of vectors.
    var count: Int { get }

    /// Calls `body` with consecutive blocks of at most `rows` vectors, in the order they were stored.
    ///
    /// - Throws: ``CLIPError`` with code `unreadable`, `corruptData`, or `invalidEmbeddings` when a vector is not of unit
    ///   length; what `body` throws.
    func forEachBlock(rows: Int, _ body: (EmbeddingBlock) throws -> Void) throws

    /// The same blocks, for which the vectors are read and checked only when asked for.
    ///
    /// A store that can read several blocks at a time implements it; elsewhere the vectors are there already.
    ///
    /// - Throws: As ``forEachBlock(rows:_:)`` does, unless ``PendingBlock/read()`` throws it.
    func forEachPendingBlock(rows: Int, _ body: (PendingBlock) throws -> Void) throws
}

extension EmbeddingReader {
    /// Reads one block after the other.
    public func forEachPendingBlock(rows: Int, _ body: (PendingBlock) throws -> Void) throws {
        try forEachBlock(rows: rows) { block in try body(PendingBlock { block }) }
    }
}

/// A block of a store that need not have been read yet.
public struct PendingBlock: Sendable {
    private let body: @Sendable () throws -> EmbeddingBlock

    /// A block that `body` reads, on any thread.
    public init(_ body: @escaping @Sendable () throws -> EmbeddingBlock) {
        self.body = body
    }

    /// Reads the block.
    ///
    /// - Throws: ``CLIPError`` with code `unreadable`, `corruptData`, or `invalidEmbeddings` when a vector is not of unit
    ///   length.
    public func read() throws -> EmbeddingBlock {
        try body()
    }
}

extension EmbeddingBlock {
    /// Some consecutive rows.
    package func rows(_ range: Range<Int>) -> EmbeddingBlock {
        let dimension = embeddings.dimension
        let values = embeddings.values[range.lowerBound * dimension..<range.upperBound * dimension]
        return EmbeddingBlock(
            ids: Array(ids[range]),
            embeddings: EmbeddingMatrix(dimension: dimension, values: Array(values)),
            origins: origins.isEmpty ? [] : Array(origins[range])
        )
    }

    /// Checks that all vectors have length 1.
    ///
    /// - Parameter store: What the error message calls the store.
    /// - Throws: ``CLIPError`` with code `invalidEmbeddings` that names the store and the image.
    package func requireUnitLength(store: String) throws {
        guard let row = embeddings.firstRowNotOfUnitLength() else { return }
        throw CLIPError(
            .invalidEmbeddings,
            "\(store): the embedding of '\(ids[row])' has length \(embeddings.norm(row: row)) instead of 1. "
                + "The file was not written by this library, or is damaged. Remove it, and embed its images again."
        )
    }
}
