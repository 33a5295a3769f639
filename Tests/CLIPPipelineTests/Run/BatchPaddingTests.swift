import CLIPCore
import CLIPPipeline
import CLIPTesting
import Testing

/// The last batch is filled up, unless the encoder's vectors do not depend on it.
@Suite struct BatchPaddingTests {
    private struct Encoder: BatchInvariance {
        let isBatchInvariant: Bool
        let sizes = NumberRecorder()
        let stub = StubImageEncoder(size: 1)

        var model: ModelDescription { stub.model }

        func encode(_ batch: ImageBatch) throws -> EmbeddingMatrix {
            sizes.add(batch.count)
            return try stub.encode(batch)
        }
    }

    private let greys = (0..<6).map { UInt8($0) }

    @Test(arguments: [true, false]) func aRunFillsUpWhereVectorsDependOnTheBatch(_ isInvariant: Bool) async throws {
        let encoder = Encoder(isBatchInvariant: isInvariant)
        try await EmbeddingRun(
            source: BytesSource(greys),
            decoder: ByteDecoder(),
            encoder: encoder,
            writer: MemoryStore(model: encoder.model),
            options: .init(batchSize: 4)
        ).run()
        #expect(encoder.sizes.values == [4, isInvariant ? 2 : 4])
    }

    @Test(arguments: [true, false]) func soDoesAnEmbedder(_ isInvariant: Bool) async throws {
        let encoder = Encoder(isBatchInvariant: isInvariant)
        let embedder = ImageEmbedder(decoder: ByteDecoder(), encoder: encoder, options: .init(batchSize: 4))
        #expect(try await embedder.embed(bytes: greys.map { [$0] }).count == 6)
        #expect(encoder.sizes.values == [4, isInvariant ? 2 : 4])
    }

    @Test(arguments: [true, false]) func soDoesEachGroup(_ isInvariant: Bool) async throws {
        let encoder = Encoder(isBatchInvariant: isInvariant)
        let run = GroupRun(decoder: ByteDecoder(), encoder: encoder, options: .init(batchSize: 4, decodeWorkers: 1))
        let images = greys.map { grey in ImageReference(id: "\(grey)") { [grey] } }
        let groups = NumberRecorder()
        _ = try await run.run(
            next: {
                groups.add(1)
                return groups.values.count == 1 ? ImageGroup(images: images, origin: 0) : nil
            },
            write: { (_: Int, outcomes: EmbeddedGroup) in #expect(outcomes.failures.count == 6) }
        )
        #expect(encoder.sizes.values == [4, isInvariant ? 2 : 4])
    }
}
