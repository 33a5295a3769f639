/// Gives back what was stored.
///
/// A store of your own needs ``forEachBlock(rows:_:)``; the other ways to read are made of it.
public protocol EmbeddingReader: Sendable {
    /// What error messages call the store, for example its path.
    var name: String { get }
    /// Where the vectors come from.
    var provenance: Provenance { get }
    /// Number of vectors.
    var count: Int { get }

    /// Calls `body` with consecutive blocks of at most `rows` vectors, in the order they were stored.
    ///
    /// The call blocks its thread while it reads; ``blocks(rows:)`` does not.
    ///
    /// - Throws: ``CLIPError`` with code `unreadable`, `corruptData`, or `invalidEmbeddings` when a vector is not of unit
    ///   length; what `body` throws.
    func forEachBlock(rows: Int, _ body: (EmbeddingBlock) throws -> Void) throws
}

/// A store that can read several blocks at a time.
package protocol ParallelEmbeddingReader: EmbeddingReader {
    /// Calls `body` with the same blocks as ``EmbeddingReader/forEachBlock(rows:_:)``, whose vectors are read and checked only
    /// when asked for.
    func forEachUnreadBlock(rows: Int, _ body: (PendingBlock) throws -> Void) throws
}

extension EmbeddingReader {
    /// Calls `body` with the same blocks as ``forEachBlock(rows:_:)``; a store that can read several at a time reads their vectors
    /// only when asked for.
    ///
    /// - Throws: As ``forEachBlock(rows:_:)`` does, unless ``PendingBlock/read()`` throws it.
    package func forEachPendingBlock(rows: Int, _ body: (PendingBlock) throws -> Void) throws {
        if let reader = self as? any ParallelEmbeddingReader {
            try reader.forEachUnreadBlock(rows: rows, body)
        } else {
            try forEachBlock(rows: rows) { block in try body(PendingBlock(ids: block.ids) { block }) }
        }
    }
}

/// A block of a store whose vectors need not have been read yet.
package struct PendingBlock: Sendable {
    /// The images' ids.
    package let ids: [String]
    private let body: @Sendable () throws -> EmbeddingBlock

    /// A block that `body` reads, on any thread.
    package init(ids: [String], _ body: @escaping @Sendable () throws -> EmbeddingBlock) {
        self.ids = ids
        self.body = body
    }

    /// Reads the block.
    ///
    /// - Throws: ``CLIPError`` with code `unreadable`, `corruptData`, or `invalidEmbeddings` when a vector is not of unit
    ///   length.
    package func read() throws -> EmbeddingBlock {
        try body()
    }
}
