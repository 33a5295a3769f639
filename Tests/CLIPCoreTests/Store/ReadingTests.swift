import CLIPCore
import CLIPTesting
import Synchronization
import Testing

/// Ways to read that any store has.
@Suite(.timeLimit(.minutes(5))) struct ReadingTests {
    private static func store(_ count: Int) throws -> MemoryStore {
        var vectors = EmbeddingMatrix(dimension: 4)
        for row in 0..<count { vectors.append(try StubImageEncoder(dimension: 4).vector(for: "\(row)".utf8)) }
        let block = EmbeddingBlock(ids: (0..<count).map { "\($0).jpg" }, embeddings: vectors)
        return MemoryStore(provenance: Provenance(.stub(dimension: 4)), block: block)
    }

    @Test(arguments: [0, 1, 10, 101])
    func blocksAreThoseOfTheStoreInOrder(_ count: Int) async throws {
        let store = try Self.store(count)
        var direct = [EmbeddingBlock]()
        try store.forEachBlock(rows: 10) { direct.append($0) }
        var blocks = [EmbeddingBlock]()
        for try await block in store.blocks(rows: 10) { blocks.append(block) }
        #expect(blocks == direct)
    }

    /// Counts the blocks that were read, and fails at one.
    private final class CountingStore: EmbeddingReader {
        struct Failure: Error {}

        let name = "counting"
        let provenance = Provenance(.stub(dimension: 4))
        let count = 1000
        let read = Atomic(0)
        let isOver = Atomic(false)
        private let failing: Int?

        init(failing: Int? = nil) { self.failing = failing }

        func forEachBlock(rows: Int, _ body: (EmbeddingBlock) throws -> Void) throws {
            defer { isOver.store(true, ordering: .releasing) }
            let matrix = EmbeddingMatrix(dimension: 4, values: [1, 0, 0, 0])
            for index in 0..<count {
                if index == failing { throw Failure() }
                read.add(1, ordering: .relaxed)
                try body(EmbeddingBlock(ids: ["\(index)"], embeddings: matrix))
            }
        }
    }

    @Test func anErrorOfTheStoreComesAfterTheBlocksBeforeIt() async {
        let store = CountingStore(failing: 7)
        var seen = 0
        await #expect(throws: CountingStore.Failure.self) {
            for try await _ in store.blocks() { seen += 1 }
        }
        #expect(seen == 7)
    }

    @Test func leavingTheLoopEndsReading() async throws {
        let store = CountingStore()
        for try await block in store.blocks() where block.ids == ["4"] { break }
        while !store.isOver.load(ordering: .acquiring) { try await Task.sleep(for: .milliseconds(1)) }
        #expect(5...9 ~= store.read.load(ordering: .relaxed))
    }

    @Test func cancellingTheTaskEndsTheLoop() async {
        let store = CountingStore()
        let task = Task {
            for try await block in store.blocks() where block.ids == ["4"] {
                withUnsafeCurrentTask { $0?.cancel() }
            }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func vectorsAreFoundByTheirIDs() throws {
        let store = try Self.store(3000)
        let vectors = try store.vectors(for: ["2999.jpg", "gone.jpg", "0.jpg", "2999.jpg"])
        let last = try StubImageEncoder(dimension: 4).vector(for: "2999".utf8)
        let first = try StubImageEncoder(dimension: 4).vector(for: "0".utf8)
        #expect(vectors == [last, nil, first, last])
    }

    @Test func aSampleIsInTheOrderOfTheStoreAndTheSameForASeed() throws {
        let store = try Self.store(3000)
        let sample = try store.sample(count: 50, seed: 7)
        let rows = sample.ids.compactMap { Int($0.dropLast(4)) }
        #expect(rows.count == 50 && rows == rows.sorted() && Set(rows).count == 50)
        #expect(try store.vectors(for: sample.ids) == (0..<50).map { sample.embeddings[row: $0] })
        #expect(try store.sample(count: 50, seed: 7) == sample)
        #expect(try store.sample(count: 50, seed: 8) != sample)
        #expect(try store.sample(count: 5000, seed: 7).ids == store.block.ids)
    }
}
