/// Vectors with the ids of their images: the unit of reading and writing.
public struct EmbeddingBlock: Sendable, Equatable {
    /// The images' ids.
    public private(set) var ids: [String]
    /// Their unit vectors, in the same order.
    public private(set) var embeddings: EmbeddingMatrix
    /// What the vectors were made from, in the same order; empty if it was not read or is unknown.
    public private(set) var origins: [ImageOrigin]

    /// Creates a block from ids and vectors.
    ///
    /// - Precondition: There is one id per vector, and either one origin per vector or none at all.
    public init(ids: [String], embeddings: EmbeddingMatrix, origins: [ImageOrigin] = []) {
        precondition(ids.count == embeddings.count, "there must be one id per vector")
        precondition(origins.isEmpty || origins.count == ids.count, "there must be one origin per vector, or none")
        self.ids = ids
        self.embeddings = embeddings
        self.origins = origins
    }
}

extension EmbeddingBlock {
    /// A range of rows.
    package func rows(_ range: Range<Int>) -> EmbeddingBlock {
        let dimension = embeddings.dimension
        let values = embeddings.values[range.lowerBound * dimension..<range.upperBound * dimension]
        return EmbeddingBlock(
            ids: Array(ids[range]),
            embeddings: EmbeddingMatrix(dimension: dimension, values: Array(values)),
            origins: origins.isEmpty ? [] : Array(origins[range])
        )
    }

    /// The rows at the given indices, in order.
    package func rows(_ rows: [Int]) -> EmbeddingBlock {
        var embeddings = EmbeddingMatrix(dimension: embeddings.dimension, capacity: rows.count)
        for row in rows { embeddings.append(self.embeddings[row: row]) }
        return EmbeddingBlock(
            ids: rows.map { ids[$0] },
            embeddings: embeddings,
            origins: origins.isEmpty ? [] : rows.map { origins[$0] }
        )
    }

    /// Appends rows; if only one of the blocks has origins, the missing ones become unknown.
    mutating func append(_ other: EmbeddingBlock) {
        if !origins.isEmpty || !other.origins.isEmpty {
            if origins.isEmpty { origins = ids.map { _ in ImageOrigin() } }
            origins += other.origins.isEmpty ? other.ids.map { _ in ImageOrigin() } : other.origins
        }
        ids += other.ids
        embeddings.append(contentsOf: other.embeddings)
    }

    /// Removes the rows of images that satisfy a predicate.
    mutating func removeRows(where isRemoved: (_ id: String) -> Bool) {
        let kept = ids.indices.filter { !isRemoved(ids[$0]) }
        if kept.count < ids.count { self = rows(kept) }
    }

    /// Checks that no id occurs twice.
    ///
    /// - Parameter store: The store's name in the error message.
    /// - Returns: The keys of the ids.
    /// - Throws: ``CLIPError`` with code `invalidEmbeddings` that names the store and the image.
    package func distinctKeys(store: String) throws -> Set<ImageIDKey> {
        var keys = Set<ImageIDKey>(minimumCapacity: ids.count)
        for id in ids where !keys.insert(ImageIDKey(id)).inserted {
            throw CLIPError(
                .invalidEmbeddings,
                "\(store): two vectors of a block have the id '\(id)', and a store keeps one per id. Remove one of them, or "
                    + "give its image another id."
            )
        }
        return keys
    }

    /// Checks that all vectors have length 1, and records it.
    ///
    /// - Parameter store: The store's name in the error message.
    /// - Throws: ``CLIPError`` with code `invalidEmbeddings` that names the store and the image.
    package mutating func requireUnitLength(store: String) throws {
        guard let row = embeddings.firstRowNotOfUnitLength() else { return embeddings.rememberUnitLength() }
        throw CLIPError(
            .invalidEmbeddings,
            "\(store): the embedding of '\(ids[row])' has length \(embeddings.norm(row: row)), not 1. "
                + "The file was not written by this library, or is damaged: run 'clip-cli store repair', and then 'embed'."
        )
    }
}

/// What a vector was made from, for checking whether it is up to date.
public struct ImageOrigin: Sendable, Hashable {
    /// The version of its ``ImageReference``.
    public let version: String?
    /// A hash of the image file's bytes, such as its SHA-256 in hexadecimal digits.
    public let contentHash: String?
    /// The image's values of the source's columns.
    public let values: [ColumnValue]
    /// What is wrong with the image's file, if it was damaged and decoded as far as possible; see
    /// ``PixelImage/damage``.
    package let damage: String?

    /// Creates an origin.
    public init(version: String? = nil, contentHash: String? = nil, values: [ColumnValue] = []) {
        self.init(version: version, contentHash: contentHash, values: values, damage: nil)
    }

    package init(version: String?, contentHash: String?, values: [ColumnValue], damage: String?) {
        self.version = version
        self.contentHash = contentHash
        self.values = values
        self.damage = damage
    }
}
