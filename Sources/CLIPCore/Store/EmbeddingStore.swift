/// Vectors with the ids of their images: what is written and read in one piece.
public struct EmbeddingBlock: Sendable, Equatable {
    /// The images' ids.
    public let ids: [String]
    /// Their unit vectors, in the same order.
    public let embeddings: EmbeddingMatrix

    /// Joins ids and vectors.
    ///
    /// - Precondition: There are as many ids as vectors.
    public init(ids: [String], embeddings: EmbeddingMatrix) {
        precondition(ids.count == embeddings.count, "every vector has an id")
        self.ids = ids
        self.embeddings = embeddings
    }
}

/// Takes what a run produces.
///
/// ``EmbeddingRun`` calls a writer from one task at a time.
public protocol EmbeddingWriter: Sendable {
    /// Stores vectors.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    func append(_ block: EmbeddingBlock) async throws

    /// Records an image that could not be embedded.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    func reject(_ image: RejectedImage) async throws

    /// Makes everything durable. Called once, after the last image.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    func finish() async throws
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
}

extension EmbeddingBlock {
    /// Some consecutive rows.
    package func rows(_ range: Range<Int>) -> EmbeddingBlock {
        let dimension = embeddings.dimension
        let values = embeddings.values[range.lowerBound * dimension..<range.upperBound * dimension]
        return EmbeddingBlock(
            ids: Array(ids[range]),
            embeddings: EmbeddingMatrix(dimension: dimension, values: Array(values))
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
                + "The file was not written by this library, or is damaged."
        )
    }
}
