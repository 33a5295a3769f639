import CLIPCore
import CLIPPipeline
import CLIPTesting
import Testing

@Suite struct StoreCheckTests {
    private let encoder = StubImageEncoder(size: 1)

    /// Rows as they are stored of images of these grey values.
    private func check(_ ids: [String], _ greys: [UInt8], mayLackSources: Bool = false) throws -> StoreCheck {
        var embeddings = EmbeddingMatrix(dimension: encoder.model.embeddingDimension)
        for grey in greys { embeddings.append(try encoder.vector(for: [grey, grey, grey])) }
        let rows = EmbeddingBlock(ids: ids, embeddings: embeddings)
        return StoreCheck(rows: rows, mayLackSources: mayLackSources)
    }

    @Test func imagesAreLookedForInOneSourceAfterTheOther() async throws {
        var check = try check(["image-0", "other", "damaged"], [1, 9, 3])
        try await check.run(source: BytesSource([1, 7]), decoder: ByteDecoder(), encoder: encoder)
        #expect(check.result.equal == 1 && !check.isComplete)
        var source = BytesSource([2, 255])
        source.ids = ["other", "damaged"]
        try await check.run(source: source, decoder: ByteDecoder(), encoder: encoder)
        #expect(check.result.equal == 1)
        #expect(check.result.findings.map(\.id) == ["other", "damaged"])
        #expect(check.result.findings.first?.text.hasPrefix("The cosine with its stored vector is") == true)
        #expect(check.result.findings.last?.text == "damaged")
    }

    @Test func whereNoImageIsFoundEachIsNamed() async throws {
        var check = try check(["a", "b"], [1, 2])
        try await check.run(source: BytesSource([1]), decoder: ByteDecoder(), encoder: encoder)
        #expect(check.result.equal == 0 && check.result.leastSimilarity == nil)
        #expect(check.result.findings.map(\.text) == ["It is not among the sources.", "It is not among the sources."])
    }

    @Test func whereSourcesMayBeUnknownImagesThatAreInNoneAreNotChecked() async throws {
        var check = try check(["image-0", "elsewhere", "damaged"], [1, 2, 3], mayLackSources: true)
        var source = BytesSource([1, 255])
        source.ids = ["image-0", "damaged"]
        try await check.run(source: source, decoder: ByteDecoder(), encoder: encoder)
        #expect(check.result.equal == 1 && check.result.unchecked == 1)
        #expect(check.result.findings.map(\.id) == ["damaged"] && !check.isComplete)
    }
}
