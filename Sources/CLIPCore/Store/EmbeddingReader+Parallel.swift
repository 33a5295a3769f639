extension EmbeddingReader {
    /// Reads and transforms several blocks of ``forEachPendingBlock(rows:_:)`` at a time, on all processors.
    ///
    /// What blocks become is given to `body` in their order.
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
    ///   - rows: Vectors of a block at most. One or two thousand are fastest.
    ///   - transform: Makes something of a block, whatever the other blocks are.
    ///   - body: Takes what became of a block, on the caller's thread.
    /// - Throws: What ``forEachPendingBlock(rows:_:)``, reading, `transform` and `body` throw, after all blocks before it;
    ///   ``CLIPError`` with code `limitExceeded` when the system has no thread left.
    public func forEachBlockInParallel<Value: Sendable>(
        rows: Int = 2048,
        _ transform: @escaping @Sendable (EmbeddingBlock) throws -> Value,
        body: (Value) throws -> Void
    ) throws {
        let workers = min(ProcessorCount.current, 8)
        let jobs = HandoverQueue<PendingValue<Value>>(capacity: 2 * workers)
        let values = HandoverQueue<PendingValue<Value>>(capacity: 2 * workers)
        defer {
            jobs.close()
            values.close()
        }
        // Threads of their own: those of the system's pool may be waiting, like the caller's.
        for _ in 0..<workers {
            try SystemThread.start {
                while let value = try? jobs.next() { value.compute() }
            }
        }
        try SystemThread.start {
            let result = Result {
                try forEachPendingBlock(rows: rows) { block in
                    let value = PendingValue { try transform(block.read()) }
                    guard values.add(value), jobs.add(value) else { throw CancellationError() }
                }
            }
            values.end(with: result)
            jobs.end()
        }
        while let value = try values.next() { try body(value.wait()) }
    }
}
