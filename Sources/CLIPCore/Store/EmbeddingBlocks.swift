extension EmbeddingReader {
    /// The vectors of the store, in consecutive blocks.
    ///
    /// ```swift
    /// for try await block in store.blocks() {
    ///     print(block.ids.first ?? "", block.embeddings.count)
    /// }
    /// ```
    ///
    /// A thread of its own reads, at most two blocks ahead, so that no task waits for the disk; it ends when the loop does,
    /// however that is. ``forEachBlockInParallel(rows:_:body:)`` is faster where there is much to do for each block.
    ///
    /// - Parameter rows: Vectors of a block at most.
    /// - Returns: A sequence that reads the store anew each time it is iterated, and throws what reading throws, `CLIPError`
    ///   with code `limitExceeded` when the system has no thread left, and `CancellationError`.
    public func blocks(rows: Int = 2048) -> some AsyncSequence<EmbeddingBlock, any Error> & Sendable {
        precondition(rows > 0, "a block has at least one row")
        return EmbeddingBlocks(store: self, rows: rows)
    }
}

/// The blocks of a store, which are read while a task iterates over them; see ``EmbeddingReader/blocks(rows:)``.
private struct EmbeddingBlocks<Store: EmbeddingReader>: AsyncSequence, Sendable {
    let store: Store
    let rows: Int

    /// Starts at the first block.
    func makeAsyncIterator() -> Iterator {
        Iterator(blocks: self)
    }

    /// Reads the blocks of a store.
    struct Iterator: AsyncIteratorProtocol {
        let blocks: EmbeddingBlocks
        private var reading: Reading?

        init(blocks: EmbeddingBlocks) {
            self.blocks = blocks
        }

        /// The next block, or `nil` at the end.
        mutating func next() async throws -> EmbeddingBlock? {
            let current = try reading ?? Reading(blocks)
            reading = current
            return try await current.handover.next()
        }
    }

    /// A thread that reads for as long as this object lives.
    private final class Reading {
        let handover = TaskHandover<EmbeddingBlock>(capacity: 2)

        init(_ blocks: EmbeddingBlocks) throws {
            try SystemThread.start { [handover] in
                handover.end(
                    with: Result {
                        try blocks.store.forEachBlock(rows: blocks.rows) { block in
                            guard handover.add(block) else { throw CancellationError() }
                        }
                    }
                )
            }
        }

        deinit {
            handover.close()
        }
    }
}
