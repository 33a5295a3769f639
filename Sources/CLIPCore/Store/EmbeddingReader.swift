/// Reads a store of embeddings.
///
/// A custom store needs to implement only ``forEachBlock(rows:_:)`` and the properties; the other ways to read are
/// built on it.
public protocol EmbeddingReader: Sendable {
    /// The store's name in error messages, for example its path.
    var name: String { get }
    /// How the vectors were made.
    var provenance: Provenance { get }
    /// The number of vectors.
    var count: Int { get }

    /// Calls `body` with consecutive blocks of at most `rows` vectors, in store order.
    ///
    /// The call blocks its thread while it reads; ``blocks(rows:)`` does not.
    ///
    /// - Throws: ``CLIPError`` with code `unreadable`, `corruptData`, or `invalidEmbeddings` if a vector is not of unit
    ///   length; what `body` throws.
    func forEachBlock(rows: Int, _ body: (EmbeddingBlock) throws -> Void) throws
}

/// A store that can read several blocks in parallel.
package protocol ParallelEmbeddingReader: EmbeddingReader {
    /// Calls `body` with the same blocks as ``EmbeddingReader/forEachBlock(rows:_:)``, but reads and checks their
    /// vectors only on demand.
    func forEachUnreadBlock(rows: Int, _ body: (PendingBlock) throws -> Void) throws
}

extension EmbeddingReader {
    /// Calls `body` with the same blocks as ``forEachBlock(rows:_:)``; a store that can read several blocks in parallel
    /// reads their vectors only on demand.
    ///
    /// - Throws: What ``forEachBlock(rows:_:)`` throws, unless ``PendingBlock/read()`` throws it.
    package func forEachPendingBlock(rows: Int, _ body: (PendingBlock) throws -> Void) throws {
        if let reader = self as? any ParallelEmbeddingReader {
            try reader.forEachUnreadBlock(rows: rows, body)
        } else {
            try forEachBlock(rows: rows) { block in try body(PendingBlock(ids: block.ids) { block }) }
        }
    }
}

/// A block of a store whose vectors may not have been read yet.
package struct PendingBlock: Sendable {
    /// The images' ids.
    package let ids: [String]
    private let body: @Sendable () throws -> EmbeddingBlock

    /// Creates a block that `body` reads, on any thread.
    package init(ids: [String], _ body: @escaping @Sendable () throws -> EmbeddingBlock) {
        self.ids = ids
        self.body = body
    }

    /// Reads the block.
    ///
    /// - Throws: ``CLIPError`` with code `unreadable`, `corruptData`, or `invalidEmbeddings` if a vector is not of unit
    ///   length.
    package func read() throws -> EmbeddingBlock {
        try body()
    }
}
