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
