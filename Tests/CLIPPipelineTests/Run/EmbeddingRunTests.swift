import CLIPCore
import CLIPPipeline
import CLIPTesting
import Synchronization
import Testing

@Suite struct EmbeddingRunTests {
    private let encoder = StubImageEncoder(size: 1)

    private func run(
        _ source: some ImageSource,
        encoder: StubImageEncoder? = nil,
        batchSize: Int = 4,
        onEvent: (RunEvent) -> Void = { _ in }
    ) async throws -> (store: MemoryStore, result: RunSummary) {
        let encoder = encoder ?? self.encoder
        let store = MemoryStore(model: encoder.model)
        let options = EmbeddingRun.Options(batchSize: batchSize, decodeWorkers: 3)
        let run = EmbeddingRun(
            source: source,
            decoder: ByteDecoder(),
            encoder: encoder,
            writer: store,
            options: options
        )
        return (store, try await run.run(onEvent: onEvent))
    }

    private func expectEveryIDHasItsVector(_ store: MemoryStore, _ bytes: [UInt8]) async throws {
        let block = store.block
        for (row, id) in block.ids.enumerated() {
            let position = try #require(Int(id.dropFirst("image-".count)))
            let expected = try encoder.vector(for: [bytes[position], bytes[position], bytes[position]])
            #expect(block.embeddings[row: row] == expected, "\(id) has another image's vector")
        }
    }

    @Test(arguments: [1, 3, 4, 13, 100])
    func vectorsComeInTheOrderOfTheSourceWithTheirIDs(batchSize: Int) async throws {
        let bytes = [UInt8](0..<13)
        let (store, result) = try await run(BytesSource(bytes), batchSize: batchSize)
        #expect(store.block.ids == bytes.indices.map { "image-\($0)" })
        try await expectEveryIDHasItsVector(store, bytes)
        #expect(result.embedded == 13 && result.failed == 0)
        #expect(store.ending == .complete)
    }

    @Test(arguments: 0..<9)
    func aFailedImageAtAnyPositionShiftsNoOtherVector(position: Int) async throws {
        var bytes = [UInt8](0..<9)
        bytes[position] = 255
        let (store, result) = try await run(BytesSource(bytes))
        try await expectEveryIDHasItsVector(store, bytes)
        #expect(store.failures.map(\.id) == ["image-\(position)"])
        #expect(store.failures.map(\.stage) == [.decode])
        #expect(result.embedded == 8 && result.failed == 1)
    }

    @Test func damagedImagesAreEmbeddedAndListed() async throws {
        let store = MemoryStore(model: encoder.model)
        let options = EmbeddingRun.Options(batchSize: 4, decodeWorkers: 3)
        let run = EmbeddingRun(
            source: BytesSource([1, 2, 255, 3, 4, 5]),
            decoder: DamagedByteDecoder(),
            encoder: encoder,
            writer: store,
            options: options
        )
        let summary = try await run.run()
        #expect(summary.embedded == 5 && summary.failed == 1 && summary.damaged == 2)
        #expect(summary.damagedImages.map(\.id) == ["image-1", "image-4"])
        #expect(summary.damagedImages.map(\.reason) == ["2 is even", "4 is even"])
        #expect(store.block.origins.map(\.damage) == [nil, "2 is even", nil, "4 is even", nil])
    }

    @Test func imagesInAreEmbeddedPlusFailedWhateverFails() async throws {
        let bytes = (0..<200).map { $0 % 3 == 0 ? 255 : UInt8($0) }
        let (store, result) = try await run(BytesSource(bytes))
        try await expectEveryIDHasItsVector(store, bytes)
        #expect(result.embedded + result.failed == 200)
        #expect(store.count == result.embedded)
        #expect(store.failures.count == result.failed)
    }

    @Test func aWriterOfAnotherModelIsRefused() async {
        let store = MemoryStore(model: .stub(size: 1, dimension: 8))
        let error = await #expect(throws: CLIPError.self) {
            try await EmbeddingRun(
                source: BytesSource([1]),
                decoder: ByteDecoder(),
                encoder: encoder,
                writer: store
            ).run()
        }
        #expect(error?.code == .modelMismatch)
        #expect(store.count == 0)
    }

    @Test func aSecondImageWithTheSameIDFails() async throws {
        var source = BytesSource([1, 2, 3])
        source.ids = ["a", "b", "a"]
        let (store, _) = try await run(source)
        #expect(store.block.ids == ["a", "b"])
        #expect(store.failures.map(\.id) == ["a"])
        #expect(store.failures.map(\.stage) == [.read])
    }

    @Test func idsThatUnicodeCallsEquivalentAreDifferentImages() async throws {
        var source = BytesSource([1, 2])
        source.ids = ["\u{E9}", "e\u{301}"]
        let (store, _) = try await run(source)
        #expect(store.count == 2)
    }

    @Test(arguments: [1, 3, 8, 20])
    func aBatchThatDoesNotFitIntoMemoryIsEncodedInParts(fitting: Int) async throws {
        let bytes = [UInt8](0..<50)
        let encoder = SmallEncoder(fitting: fitting)
        let store = MemoryStore(model: encoder.model)
        let told = Mutex([Int]())
        var options = EmbeddingRun.Options(batchSize: 16, decodeWorkers: 3)
        options.onHalving = { images in told.withLock { $0.append(images) } }
        let run = EmbeddingRun(
            source: BytesSource(bytes),
            decoder: ByteDecoder(),
            encoder: encoder,
            writer: store,
            options: options
        )
        #expect(try await run.run().embedded == 50)
        #expect(store.block.ids == bytes.indices.map { "image-\($0)" })
        try await expectEveryIDHasItsVector(store, bytes)
        #expect(told.withLock(\.self) == [1: [1], 3: [2], 8: [8], 20: []][fitting])
    }

    @Test func aRunForWhichNotEvenOneImageFitsEndsWithAnError() async {
        let encoder = SmallEncoder(fitting: 0)
        let store = MemoryStore(model: encoder.model)
        let run = EmbeddingRun(source: BytesSource([1, 2]), decoder: ByteDecoder(), encoder: encoder, writer: store)
        let error = await #expect(throws: CLIPError.self) { try await run.run() }
        #expect(error?.code == .outOfMemory && store.count == 0 && store.ending == .stopped)
    }

    @Test func aFailingModelEndsTheRunAndTheStoreKeepsWhatWasDone() async throws {
        let encoder = StubImageEncoder(size: 1) { $0.pixels.contains(50) }
        let store = MemoryStore(model: encoder.model)
        let run = EmbeddingRun(
            source: BytesSource([UInt8](0..<200)),
            decoder: ByteDecoder(),
            encoder: encoder,
            writer: store
        )
        let error = await #expect(throws: CLIPError.self) { try await run.run() }
        #expect(error?.code == .inference)
        #expect(store.ending == .stopped)
    }

    @Test func aRunThatFailsDoesNotWaitForAnImageThatIsBeingRead() async {
        var source = BytesSource([50, 1])
        source.onRead = { id in
            // Longer than any test may take: only the end of the task ends it.
            if id == "image-1" { try? await Task.sleep(for: .seconds(3600)) }
        }
        let encoder = StubImageEncoder(size: 1) { $0.pixels.contains(50) }
        let images = source
        let error = await #expect(throws: CLIPError.self) { try await run(images, encoder: encoder, batchSize: 1) }
        #expect(error?.code == .inference)
    }

    @Test func aVectorThatIsNotOfUnitLengthFailsThatImageAlone() async throws {
        let encoder = BrokenEncoder()
        let store = MemoryStore(model: encoder.model)
        let run = EmbeddingRun(
            source: BytesSource([1, 2, 3]),
            decoder: ByteDecoder(),
            encoder: encoder,
            writer: store
        )
        _ = try await run.run()
        #expect(store.block.ids == ["image-0", "image-2"])
        #expect(store.failures.map(\.id) == ["image-1"])
        #expect(store.failures.map(\.stage) == [.encode])
    }

    @Test func aSourceWithoutImagesIsAnError() async {
        let error = await #expect(throws: CLIPError.self) { try await self.run(BytesSource([])) }
        #expect(error?.code == .notFound)
    }

    @Test func aCancelledRunEndsAndTheStoreKeepsWhatWasDone() async throws {
        let store = MemoryStore(model: encoder.model)
        let run = EmbeddingRun(
            source: BytesSource([UInt8](repeating: 7, count: 100)),
            decoder: ByteDecoder(),
            encoder: EncoderOfOneBatch(),
            writer: store
        )
        let (stored, continuation) = AsyncStream<Void>.makeStream()
        let task = Task {
            try await run.run { event in
                if case .progress = event { continuation.yield() }
            }
        }
        for await _ in stored.prefix(1) { task.cancel() }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(store.count == EmbeddingRun.Options().batchSize)
        #expect(store.ending == .stopped)
    }

    @Test func eventsCountEveryImage() async throws {
        var total: Int? = 0
        var last = RunProgress()
        var failed = [String]()
        let (_, result) = try await run(BytesSource([1, 255, 3])) { event in
            switch event {
            case .started(let count): total = count
            case .failed(let image): failed.append(image.id)
            case .progress(let progress): last = progress
            case .finished(let summary): #expect(summary.progress == last)
            }
        }
        #expect(total == nil && last.processed == 3 && failed == ["image-1"])
        #expect(result.isComplete)
    }
}
