import CLIPArrow
import CLIPCore
import CLIPTesting
import TestSupport
import Testing

/// Stores that pyarrow wrote with options of its own; see `Tools/fixtures/make_vector_fixtures.py`.
@Suite struct VectorColumnTests {
    private static let expected = (0..<60).map { row in
        var vector = [Float](repeating: 0, count: 5)
        vector[row % 5] = 0.6
        vector[(row + 1 + row / 5 % 4) % 5] = 0.8
        return vector
    }

    @Test(
        arguments: ["plain", "version-2", "zstd", "dictionary", "split"],
        [1, 7, 4096]
    )
    func vectorsComeBackHoweverPagesHoldThem(name: String, rows: Int) throws {
        let store = try ParquetStore(path: Fixture.path("vectors/\(name).parquet"))
        var found = [[Float]]()
        var ids = [String]()
        try store.forEachBlock(rows: rows) { block in
            ids += block.ids
            found += block.ids.indices.map { block.embeddings[row: $0] }
        }
        #expect(ids == (0..<60).map { "image-\($0)" })
        #expect(found == Self.expected)
    }

    @Test(arguments: ["plain", "version-2", "zstd", "half"], [1, 7, 4096])
    func blocksThatAreReadAtTheSameTimeAreTheSame(name: String, rows: Int) throws {
        let store = try ParquetStore(path: Fixture.path("vectors/\(name).parquet"))
        var expected = [EmbeddingBlock]()
        var found = [EmbeddingBlock]()
        try store.forEachBlock(rows: rows) { expected.append($0) }
        try store.forEachBlockInParallel(rows: rows) {
            $0
        } body: {
            found.append($0)
        }
        #expect(found == expected)
    }

    @Test func halfFloatsComeBackAtUnitLength() throws {
        let store = try ParquetStore(path: Fixture.path("vectors/half.parquet"))
        var expected = EmbeddingMatrix(
            dimension: 5,
            values: Self.expected.joined().map { HalfFloat.value(HalfFloat.bits($0)) }
        )
        try expected.normalizeRows()
        var found = EmbeddingMatrix(dimension: 5)
        try store.forEachBlock(rows: 7) { found.append(contentsOf: $0.embeddings) }
        #expect(found == expected)
    }

    @Test(arguments: ["gap", "value-gap", "length"])
    func missingValuesAndOtherLengthsAreNamed(name: String) throws {
        let path = Fixture.path("vectors/\(name).parquet")
        let store = try ParquetStore(path: path)
        let error = #expect(throws: CLIPError.self) { try store.forEachBlock(rows: 10) { _ in } }
        #expect(error?.code == .corruptData)
        #expect(error?.message.contains(path) == true)
        let reason = name == "length" ? "another length than 5" : "without a value"
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
    }
}
