import CLIPCore
import CLIPTesting
import Dispatch
import Synchronization
import Testing

@Suite struct ParallelBlocksTests {
    private struct Failure: Error {}

    private static func embeddings(_ count: Int) -> MemoryStore {
        let vectors = (0..<count).flatMap { row -> [Float] in row.isMultiple(of: 2) ? [1, 0] : [0, 1] }
        return MemoryStore(
            provenance: Provenance(.stub(dimension: 2)),
            block: EmbeddingBlock(
                ids: (0..<count).map { "\($0)" },
                embeddings: EmbeddingMatrix(dimension: 2, values: vectors)
            )
        )
    }

    @Test(arguments: [0, 1, 10, 101])
    func theBlocksAreThoseOfTheStoreInOrder(_ count: Int) throws {
        let store = Self.embeddings(count)
        var direct = [EmbeddingBlock]()
        var parallel = [EmbeddingBlock]()
        try store.forEachBlock(rows: 10) { direct.append($0) }
        try store.forEachBlockInParallel(rows: 10) {
            $0
        } body: {
            parallel.append($0)
        }
        #expect(parallel == direct)
    }

    @Test func anErrorOfTheReaderComesAfterTheBlocksBeforeIt() throws {
        var vectors = [Float](repeating: 0, count: 40)
        for row in 0..<20 { vectors[2 * row] = row < 15 ? 1 : 3 }
        let store = MemoryStore(
            provenance: Provenance(.stub(dimension: 2)),
            block: EmbeddingBlock(
                ids: (0..<20).map { "\($0)" },
                embeddings: EmbeddingMatrix(dimension: 2, values: vectors)
            )
        )
        var seen = 0
        let error = #expect(throws: CLIPError.self) {
            try store.forEachBlockInParallel(rows: 5) {
                $0.ids.count
            } body: {
                seen += $0
            }
        }
        #expect(error?.code == .invalidEmbeddings)
        #expect(seen == 15)
    }

    @Test func anErrorOfReadingABlockComesAfterTheBlocksBeforeIt() throws {
        let store = PendingStore(blocks: 100) { index in
            if index == 42 { throw Failure() }
        }
        var seen = 0
        #expect(throws: Failure.self) {
            try store.forEachBlockInParallel(rows: 1) {
                $0.ids.count
            } body: {
                seen += $0
            }
        }
        #expect(seen == 42)
    }

    @Test func everyProcessorReadsABlock() throws {
        let processors = min(ProcessorCount.current, 8)
        let meeting = Meeting(of: processors)
        let store = PendingStore(blocks: processors) { _ in try meeting.attend() }
        var seen = 0
        try store.forEachBlockInParallel(rows: 1) {
            $0.ids.count
        } body: {
            seen += $0
        }
        #expect(seen == processors)
    }

    @Test func anErrorOfTheCallerEndsTheReading() throws {
        var calls = 0
        #expect(throws: Failure.self) {
            try Self.embeddings(1000).forEachBlockInParallel(rows: 1) {
                $0
            } body: { _ in
                calls += 1
                throw Failure()
            }
        }
        #expect(calls == 1)
    }

    @Test func nothingRunsAfterAnError() throws {
        let running = Mutex(0)
        #expect(throws: Failure.self) {
            try Self.embeddings(1000).forEachBlockInParallel(rows: 1) { _ in
                running.withLock { $0 += 1 }
                _ = DispatchSemaphore(value: 0).wait(timeout: .now() + .milliseconds(1))
                running.withLock { $0 -= 1 }
            } body: { _ in
                throw Failure()
            }
        }
        #expect(running.withLock(\.self) == 0)
    }

    @Test func anErrorOfATransformComesAfterTheBlocksBeforeIt() throws {
        var seen = [String]()
        #expect(throws: Failure.self) {
            try Self.embeddings(100).forEachBlockInParallel(rows: 1) { block in
                if block.ids == ["42"] { throw Failure() }
                return block.ids[0]
            } body: { id in
                seen.append(id)
            }
        }
        #expect(seen == (0..<42).map { "\($0)" })
    }
}

/// A store whose blocks of one vector are read when asked for.
private struct PendingStore: ParallelEmbeddingReader {
    let name = "pending"
    let provenance = Provenance(.stub(dimension: 2))
    let count: Int
    let read: @Sendable (_ block: Int) throws -> Void

    init(blocks: Int, read: @escaping @Sendable (_ block: Int) throws -> Void) {
        count = blocks
        self.read = read
    }

    func forEachBlock(rows: Int, _ body: (EmbeddingBlock) throws -> Void) throws {
        try forEachUnreadBlock(rows: rows) { try body($0.read()) }
    }

    func forEachUnreadBlock(rows: Int, _ body: (PendingBlock) throws -> Void) throws {
        for index in 0..<count {
            try body(
                PendingBlock(ids: ["\(index)"]) { [read] in
                    try read(index)
                    return EmbeddingBlock(
                        ids: ["\(index)"],
                        embeddings: EmbeddingMatrix(dimension: 2, values: [1, 0])
                    )
                }
            )
        }
    }
}

/// Lets nobody go before all are there.
private final class Meeting: Sendable {
    private struct NobodyCame: Error {}

    private let missing: Mutex<Int>
    private let everybodyIsThere = DispatchSemaphore(value: 0)

    init(of count: Int) {
        missing = Mutex(count)
    }

    func attend() throws {
        let isLast = missing.withLock { missing in
            missing -= 1
            return missing == 0
        }
        if isLast { everybodyIsThere.signal() }
        guard everybodyIsThere.wait(timeout: .now() + 60) == .success else { throw NobodyCame() }
        everybodyIsThere.signal()
    }
}
