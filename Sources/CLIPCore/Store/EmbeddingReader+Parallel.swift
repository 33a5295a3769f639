extension EmbeddingReader {
    /// Transforms several blocks of ``forEachBlock(rows:_:)`` at a time, on all processors.
    ///
    /// The next blocks are read meanwhile, on a thread of their own. What blocks become is given to `body` in their order.
    ///
    /// ```swift
    /// try store.forEachBlockInParallel { block in
    ///     ResultBlock(ids: block.ids, decisions: try classifier.classify(block.embeddings))
    /// } body: { results in
    ///     try writer.append(results)
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - rows: Vectors of a block at most. A few thousand are fastest.
    ///   - transform: Makes something of a block, whatever the other blocks are.
    ///   - body: Takes what became of a block, on the caller's thread.
    /// - Throws: What ``forEachBlock(rows:_:)``, `transform` and `body` throw, after all blocks before it; ``CLIPError`` with
    ///   code `limitExceeded` when the system has no thread left.
    public func forEachBlockInParallel<Value: Sendable>(
        rows: Int = 2048,
        _ transform: @Sendable (EmbeddingBlock) throws -> Value,
        body: (Value) throws -> Void
    ) throws {
        let atATime = min(ProcessorCount.current, 4)
        let queue = HandoverQueue<EmbeddingBlock>(capacity: 2 * atATime)
        try SystemThread.start {
            let result = Result {
                try forEachBlock(rows: rows) { block in
                    guard queue.add(block) else { throw CancellationError() }
                }
            }
            queue.end(with: result)
        }
        defer { queue.close() }
        var end: Result<Void, any Error>?
        while end == nil {
            var blocks = [EmbeddingBlock]()
            do {
                while blocks.count < atATime, end == nil {
                    if let block = try queue.next() { blocks.append(block) } else { end = .success(()) }
                }
            } catch {
                end = .failure(error)
            }
            for value in Parallel.map(blocks, transform) { try body(value.get()) }
        }
        try end?.get()
    }
}
