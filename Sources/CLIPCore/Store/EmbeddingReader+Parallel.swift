extension EmbeddingReader {
    /// Reads and transforms several blocks in parallel, on up to eight CPU cores.
    ///
    /// `body` receives the results in order, on the calling thread, which waits in between. When the call returns or
    /// throws, all work has stopped.
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
    ///   - rows: The maximum number of vectors per block. One or two thousand are fastest.
    ///   - transform: Transforms a block, independently of the others.
    ///   - body: Receives the transformed block.
    /// - Throws: What reading the store, `transform` and `body` throw, after all preceding blocks; ``CLIPError`` with
    ///   code `limitExceeded` if the system cannot start a thread.
    public func forEachBlockInParallel<Value: Sendable>(
        rows: Int = 2048,
        _ transform: @escaping @Sendable (EmbeddingBlock) throws -> Value,
        body: (Value) throws -> Void
    ) throws {
        try OrderedWork.run { add in
            try forEachPendingBlock(rows: rows) { block in
                try add { try transform(block.read()) }
            }
        } body: { value in
            try body(value)
        }
    }
}
