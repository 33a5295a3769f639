import CLIPCore
import CLIPPipeline
import CLIPTesting
import Testing

@Suite struct ImageEmbedderTests {
    private let encoder = StubImageEncoder(size: 1)

    private func embedder(batchSize: Int = 4) -> ImageEmbedder {
        ImageEmbedder(decoder: ByteDecoder(), encoder: encoder, options: .init(batchSize: batchSize, decodeWorkers: 3))
    }

    @Test(arguments: [1, 3, 4, 9, 20])
    func aBadImageCostsNoOther(batchSize: Int) async throws {
        let greys: [UInt8] = [1, 255, 3, 4, 5, 255, 7, 8, 9]
        let results = try await embedder(batchSize: batchSize).embed(bytes: greys.map { [$0] })
        #expect(results.count == greys.count)
        for (place, (grey, result)) in zip(greys, results).enumerated() {
            switch result {
            case .success(let vector): #expect(try vector == encoder.vector(for: [grey, grey, grey]))
            case .failure(let error):
                #expect(grey == 255 && error.code == .corruptData)
                #expect("\(error)" == "Cannot use image \(place + 1). (damaged)")
            }
        }
    }

    /// In both, batches are filled with good images and then up to one size.
    @Test(arguments: [1, 4, 5, 6, 7, 13], [2, 4, 6])
    func vectorsAreThoseOfARunToTheLastBit(count: Int, batchSize: Int) async throws {
        let encoder = BatchSizeEncoder()
        let greys = (0..<count).map { $0 == 2 ? 255 : UInt8($0) }
        let store = MemoryStore(model: encoder.model)
        try await EmbeddingRun(
            source: BytesSource(greys),
            decoder: ByteDecoder(),
            encoder: encoder,
            writer: store,
            options: .init(batchSize: batchSize)
        ).run()
        let embedder = ImageEmbedder(decoder: ByteDecoder(), encoder: encoder, options: .init(batchSize: batchSize))
        let vectors = try await embedder.embed(bytes: greys.map { [$0] }).compactMap { try? $0.get() }
        #expect(vectors == store.block.embeddings.rows)
    }

    @Test func filesAreNamedInTheirErrors() async throws {
        let folder = try TemporaryFolder()
        try folder.write([7], to: "good")
        try folder.write([255], to: "bad")
        let paths = ["good", "bad", "missing"].map { "\(folder.path)/\($0)" }
        let results = try await embedder().embed(paths: paths)
        #expect(try results[0].get() == encoder.vector(for: [7, 7, 7]))
        #expect(try await embedder().embed(path: paths[0]) == results[0].get())
        for (path, code) in [(paths[1], CLIPError.Code.corruptData), (paths[2], .notFound)] {
            let error = await #expect(throws: CLIPError.self) { try await embedder().embed(path: path) }
            #expect(error?.code == code && error?.message.contains(path) == true)
        }
    }

    @Test func aVectorThatIsNotOfUnitLengthIsThatImagesErrorAlone() async throws {
        let embedder = ImageEmbedder(decoder: ByteDecoder(), encoder: BrokenEncoder())
        let results = try await embedder.embed(bytes: [[1], [2], [3]])
        #expect(results.map { (try? $0.get()) != nil } == [true, false, true])
        let error = #expect(throws: CLIPError.self) { try results[1].get() }
        #expect(error?.code == .inference)
    }

    @Test func anEncoderThatNeverGivesUnitVectorsFailsAsAWhole() async {
        let embedder = ImageEmbedder(decoder: ByteDecoder(), encoder: UnnormalizedEncoder())
        let error = await #expect(throws: CLIPError.self) { try await embedder.embed(bytes: [[1], [2]]) }
        #expect(error?.code == .inference && error?.message.contains("divide each by its length") == true)
    }

    @Test func batchesThatDoNotFitIntoMemoryAreEncodedInParts() async throws {
        let embedder = ImageEmbedder(
            decoder: ByteDecoder(),
            encoder: SmallEncoder(fitting: 3),
            options: .init(batchSize: 8)
        )
        let greys = [UInt8](0..<20)
        let vectors = try await embedder.embed(bytes: greys.map { [$0] }).map { try $0.get() }
        #expect(try vectors == greys.map { try encoder.vector(for: [$0, $0, $0]) })
    }

    @Test func withoutImagesThereAreNoResults() async throws {
        #expect(try await embedder().embed(bytes: [[UInt8]]()).isEmpty)
    }
}

extension EmbeddingMatrix {
    fileprivate var rows: [[Float]] { (0..<count).map { self[row: $0] } }
}
