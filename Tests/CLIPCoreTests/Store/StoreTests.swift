import CLIPCore
import CLIPTesting
import Testing

@Suite struct StoreTests {
    @Test func theMemoryStoreKeepsTheContract() async throws {
        let model = ModelDescription.stub()
        let store = MemoryStore(model: model)
        try await Conformance.checkStore(model: model, writer: { store }, reader: { store })
    }

    @Test func aVectorThatIsNotOfUnitLengthIsNamedByItsID() async throws {
        let embeddings = EmbeddingMatrix(dimension: 2, values: [1, 0, 3, 4, 0, 1])
        let store = MemoryStore(
            provenance: Provenance(.stub(dimension: 2)),
            block: EmbeddingBlock(ids: ["a", "b", "c"], embeddings: embeddings)
        )
        let error = #expect(throws: CLIPError.self) { try store.forEachBlock(rows: 10) { _ in } }
        #expect(error?.code == .invalidEmbeddings)
        #expect(error?.message.contains("'b' has length 5.0, not 1") == true)
    }

    @Test func vectorsStoredWithHalfPrecisionCountAsUnitVectors() {
        #expect(EmbeddingMatrix(dimension: 1, values: [1.004]).firstRowNotOfUnitLength() == nil)
        #expect(EmbeddingMatrix(dimension: 1, values: [1.02]).firstRowNotOfUnitLength() == 0)
        #expect(EmbeddingMatrix(dimension: 1, values: [.nan]).firstRowNotOfUnitLength() == 0)
    }

    @Test func embeddingsOfAnotherModelAreRefusedWithBothNames() {
        let provenance = Provenance(.stub(dimension: 4))
        #expect(throws: Never.self) { try provenance.requireModel(.stub(dimension: 4), store: "store") }
        let error = #expect(throws: CLIPError.self) { try provenance.requireModel(.stub(dimension: 5), store: "store") }
        #expect(error?.code == .modelMismatch)
        #expect(error?.message.contains("stub-8-4") == true && error?.message.contains("stub-8-5") == true)
    }
}

@Suite struct EmbeddingMatrixTests {
    @Test func normalisingKeepsDirections() throws {
        var matrix = EmbeddingMatrix(dimension: 2, values: [3, 4, 0, -2])
        try matrix.normalizeRows()
        #expect(matrix.values == [0.6, 0.8, 0, -1])
    }

    @Test(arguments: [[0, 0], [Float.nan, 0], [.infinity, 0]])
    func aVectorWithoutDirectionIsNeverReplaced(_ vector: [Float]) {
        var matrix = EmbeddingMatrix(dimension: 2, values: [3, 4] + vector)
        #expect(throws: CLIPError.self) { try matrix.normalizeRows() }
        #expect(Array(matrix.values.prefix(2)) == [3, 4])
    }
}
