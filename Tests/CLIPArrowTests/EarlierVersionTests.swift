import CLIPArrow
import CLIPCore
import CLIPReport
import CLIPTesting
import CLIPTorch
import TestSupport
import Testing

/// What version 0.1.0 wrote opens: written by `Tools/fixtures/make_0_1_0_fixtures.py`.
@Suite struct EarlierVersionTests {
    private let ids = ["rgb-444.jpg", "rgb-8.png", "rgb-lossy.webp"]
    private let store = Fixture.path("0.1.0/embeddings")

    @Test func aStoreIsRead() throws {
        let embeddings = try ParquetStore(path: store)
        #expect(try embeddings.sample(count: 3, seed: 0).ids.sorted() == ids)
        #expect(embeddings.provenance.modelName == "vit-gelu-random-0" && embeddings.provenance.dimension == 32)
        let info = try StoreInfo(path: store)
        #expect(info.isComplete && info.rowCount == 3)
        #expect(info.failuresByStage == [.decode: 1])
    }

    @Test func aRunGoesOnWithAStore() async throws {
        let folder = try TemporaryFolder()
        for name in ["part-00000.parquet", "rejects.parquet"] {
            try folder.write(FileBytes.read("\(store)/\(name)"), to: name)
        }
        let embeddings = try ParquetStore(path: store)
        let writer = try ParquetStoreWriter(path: folder.path, provenance: embeddings.provenance)
        let stored = try await writer.storedImages()
        #expect(ids.allSatisfy(stored.contains) && stored.count == 3)
        let vector = [1] + [Float](repeating: 0, count: 31)
        try await writer.append(
            EmbeddingBlock(ids: ["new.jpg"], embeddings: EmbeddingMatrix(dimension: 32, values: vector))
        )
        try await writer.finish(.complete)
        #expect(try ParquetStore(path: folder.path).sample(count: 4, seed: 0).ids.sorted() == ["new.jpg"] + ids)
    }

    @Test func resultsAreReadAndDecidedAgain() throws {
        let file = try CategoryFile(contentsOf: Fixture.path("0.1.0/categories.yaml"))
        let names = file.categories.map(\.name)
        #expect(names == ["red", "square"])
        let results = try ParquetResults(path: Fixture.path("0.1.0/results.parquet"))
        var read = (ids: [String](), evidence: [Evidence]())
        try results.forEachBlock(rows: 2) {
            read.ids += $0
            read.evidence += $1
        }
        let csv = try ReadResults(csv: Fixture.path("0.1.0/results.csv"), categories: names)
        #expect(read.ids == ids && csv.ids == ids)
        #expect(read.evidence == csv.evidence)
        #expect(csv.matches == [names, names, names])

        // A stricter threshold, decided over the scores that were kept.
        var stricter = file
        stricter.categories[0].threshold = 0.09
        let scores = try ParquetResults(path: Fixture.path("0.1.0/scores.parquet"))
        let limits = DecisionLimits(try scores.schema.decided(by: stricter, name: scores.path))
        var matches = [[Int]]()
        try scores.forEachBlock(rows: 3) { _, evidence in
            let decisions = try limits.decide(evidence)
            matches += (0..<decisions.count).map { decisions.matches(image: $0) }
        }
        #expect(matches == [[0, 1], [1], [0, 1]])
    }

    @Test func aBundleIsOpened() throws {
        let bundle = try ModelBundle(path: Fixture.path("0.1.0"), cacheFolder: nil)
        #expect(bundle.model.name == "vit-gelu-random-0" && bundle.model.embeddingDimension == 32)
        try ParquetStore(path: store).provenance.requireModel(bundle.model, store: store)
    }
}
