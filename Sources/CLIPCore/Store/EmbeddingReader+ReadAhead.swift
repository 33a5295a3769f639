extension EmbeddingReader {
    /// Calls `body` with the blocks of ``forEachBlock(rows:_:)``, of which the next ones are read on a thread of their own
    /// while `body` works.
    ///
    /// - Throws: What ``forEachBlock(rows:_:)`` and `body` throw, and ``CLIPError`` with code `limitExceeded` when the system
    ///   has no thread left.
    public func forEachBlockReadAhead(rows: Int, _ body: (EmbeddingBlock) throws -> Void) throws {
        let queue = HandoverQueue<EmbeddingBlock>(capacity: 2)
        try SystemThread.start {
            let result = Result {
                try forEachBlock(rows: rows) { block in
                    guard queue.add(block) else { throw CancellationError() }
                }
            }
            queue.end(with: result)
        }
        defer { queue.close() }
        while let block = try queue.next() { try body(block) }
    }
}
