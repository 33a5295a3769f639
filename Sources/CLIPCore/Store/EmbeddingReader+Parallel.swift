extension EmbeddingReader {
    /// Reads and transforms several blocks at a time, on up to eight CPU cores.
    ///
    /// What blocks become is given to `body` in their order, on the caller's thread, which waits in between. Nothing runs any
    /// more when the call returns or throws.
    ///
    /// ```swift
    /// try store.forEachBlockInParallel { block in
    ///     try classifier.classify(block.embeddings, ids: block.ids)
    /// } body: { decisions in
    ///     try writer.append(decisions)
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - rows: Vectors of a block at most. One or two thousand are fastest.
    ///   - transform: Makes something of a block, whatever the other blocks are.
    ///   - body: Takes what became of a block.
    /// - Throws: What reading the store, `transform` and `body` throw, after all blocks before it;
    ///   ``CLIPError`` with code `limitExceeded` when the system has no thread left.
    public func forEachBlockInParallel<Value: Sendable>(
        rows: Int = 2048,
        _ transform: @escaping @Sendable (EmbeddingBlock) throws -> Value,
        body: (Value) throws -> Void
    ) throws {
        let workers = min(ProcessorCount.current, 8)
        let jobs = HandoverQueue<PendingValue<Value>>(capacity: 2 * workers)
        let values = HandoverQueue<PendingValue<Value>>(capacity: 2 * workers)
        let threads = ThreadGroup()
        defer {
            jobs.close()
            values.close()
            threads.wait()
        }
        try threads.start {
            let result = Result {
                try forEachPendingBlock(rows: rows) { block in
                    let value = PendingValue { try transform(block.read()) }
                    guard values.add(value), jobs.add(value) else { throw CancellationError() }
                }
            }
            values.end(with: result)
            jobs.end()
        }
        // Threads of their own: one of the system's pool is the caller's, which waits.
        try threads.start(upTo: workers) {
            while let value = try? jobs.next() { value.compute() }
        }
        while let value = try values.next() { try body(value.wait()) }
    }
}
