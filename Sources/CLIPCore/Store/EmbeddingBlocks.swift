extension EmbeddingReader {
    /// The vectors of the store in consecutive blocks.
    ///
    /// ```swift
    /// for try await block in store.blocks() {
    ///     print(block.ids.first ?? "", block.embeddings.count)
    /// }
    /// ```
    ///
    /// A dedicated thread reads at most two blocks ahead, so that no task waits for the disk. It ends when the loop
    /// ends for any reason. ``forEachBlockInParallel(rows:_:body:)`` is faster if each block needs much computation.
    ///
    /// - Parameter rows: The maximum number of vectors per block.
    /// - Returns: A sequence that reads the store again for each iteration. It throws what reading throws, `CLIPError`
    ///   with code `limitExceeded` if the system cannot start a thread, and `CancellationError`.
    public func blocks(rows: Int = 2048) -> some AsyncSequence<EmbeddingBlock, any Error> & Sendable {
        precondition(rows > 0, "the number of rows must be positive")
        return EmbeddingBlocks(store: self, rows: rows)
    }
}

/// The blocks of a store, read during iteration; see ``EmbeddingReader/blocks(rows:)``.
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

    /// A thread that reads until this object is released.
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
