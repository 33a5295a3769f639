import CLIPCore
import CLIPTesting
import Testing

@Suite struct ParallelBlocksTests {
    private struct Failure: Error {}

    private static func embeddings(_ count: Int) -> MemoryEmbeddings {
        let vectors = (0..<count).flatMap { row -> [Float] in row.isMultiple(of: 2) ? [1, 0] : [0, 1] }
        return MemoryEmbeddings(
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
        let store = MemoryEmbeddings(
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
