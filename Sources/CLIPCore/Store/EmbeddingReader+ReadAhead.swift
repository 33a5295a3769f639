internal import Dispatch
internal import Synchronization

extension EmbeddingReader {
    /// Calls `body` with the blocks of ``forEachBlock(rows:_:)``, of which the next ones are read on a thread of their own
    /// while `body` works.
    ///
    /// - Throws: What ``forEachBlock(rows:_:)`` and `body` throw, and ``CLIPError`` with code `limitExceeded` when the system
    ///   has no thread left.
    public func forEachBlockReadAhead(rows: Int, _ body: (EmbeddingBlock) throws -> Void) throws {
        let queue = BlockQueue(capacity: 2)
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

/// Blocks on their way from a thread that reads them to one that uses them.
private final class BlockQueue: Sendable {
    private struct State {
        var blocks = [EmbeddingBlock]()
        var result: Result<Void, any Error>?
        var isClosed = false
    }

    private let state = Mutex(State())
    private let room: DispatchSemaphore
    private let filled = DispatchSemaphore(value: 0)

    init(capacity: Int) {
        room = DispatchSemaphore(value: 0)
        for _ in 0..<capacity { room.signal() }
    }

    /// Waits for room and adds a block; `false` when nobody wants any more.
    func add(_ block: EmbeddingBlock) -> Bool {
        room.wait()
        let isWanted = state.withLock { state in
            guard !state.isClosed else { return false }
            state.blocks.append(block)
            return true
        }
        filled.signal()
        return isWanted
    }

    /// Says that no block follows.
    func end(with result: Result<Void, any Error>) {
        state.withLock { $0.result = result }
        filled.signal()
    }

    /// Waits for the next block; `nil` at the end.
    func next() throws -> EmbeddingBlock? {
        filled.wait()
        let (block, result) = state.withLock { state in
            (state.blocks.isEmpty ? nil : state.blocks.removeFirst(), state.result)
        }
        if block == nil { try result?.get() }
        room.signal()
        return block
    }

    /// Says that no more blocks are wanted.
    func close() {
        state.withLock { $0.isClosed = true }
        room.signal()
    }
}
