import CLIPCore
import CLIPPipeline
import CLIPTesting
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(5))) struct RunEventsTests {
    private let encoder = StubImageEncoder(size: 1)
    private let store = MemoryStore(model: StubImageEncoder(size: 1).model)

    private func run(
        _ source: BytesSource,
        encoder: (any ImageEncoder)? = nil,
        store: MemoryStore? = nil
    ) -> EmbeddingRun {
        EmbeddingRun(
            source: source,
            decoder: ByteDecoder(),
            encoder: encoder ?? self.encoder,
            writer: store ?? self.store,
            options: .init(batchSize: 4)
        )
    }

    @Test func noFailureIsLostHoweverSlowlyEventsAreTaken() async throws {
        var failed = [String]()
        var finished = [RunSummary]()
        var isFirst = true
        for try await event in run(BytesSource([UInt8](repeating: 255, count: 2000))).events() {
            if isFirst { try await Task.sleep(for: .milliseconds(100)) }
            isFirst = false
            switch event {
            case .failed(let image): failed.append(image.id)
            case .finished(let summary): finished.append(summary)
            case .started, .progress: break
            }
        }
        #expect(failed == (0..<2000).map { "image-\($0)" })
        #expect(finished.count == 1 && finished.first?.failed == 2000)
    }

    /// Otherwise events that nobody takes would fill the memory.
    @Test func aRunWaitsWhileManyFailuresAreNotTaken() async throws {
        let read = Atomic(0)
        var source = BytesSource([UInt8](repeating: 255, count: 6000))
        source.onRead = { _ in read.add(1, ordering: .relaxed) }
        var events = run(source).events().makeAsyncIterator()
        _ = try await events.next()
        var (before, now) = (-1, 0)
        while before != now {
            try await Task.sleep(for: .milliseconds(200))
            (before, now) = (now, read.load(ordering: .relaxed))
        }
        #expect(now < 4000)
        while try await events.next() != nil {}
        #expect(store.failures.count == 6000)
    }

    @Test func anErrorEndsTheEvents() async {
        let error = await #expect(throws: CLIPError.self) {
            for try await _ in run(BytesSource([])).events() {}
        }
        #expect(error?.code == .notFound)
    }

    @Test func leavingTheLoopCancelsTheRun() async throws {
        var source = BytesSource([1])
        // Longer than any test may take: only the end of the task ends it.
        source.onRead = { _ in try? await Task.sleep(for: .seconds(3600)) }
        for try await event in run(source).events() {
            if case .started = event { break }
        }
        while store.ending == nil { try await Task.sleep(for: .milliseconds(1)) }
        #expect(store.ending == .stopped && store.count == 0)
    }

    @Test func theSummarySaysWhatFailedAndWhy() async throws {
        let summary = try await run(BytesSource([1] + [UInt8](repeating: 255, count: 300))).run()
        #expect(summary.isComplete && summary.embedded == 1 && summary.failed == 300)
        #expect(summary.failures.map(\.id) == (1...100).map { "image-\($0)" })
        #expect(summary.failureReasons.map(\.count) == [300])
        #expect(summary.failureReasons.first?.reason == "damaged" && summary.failureReasons.first?.stage == .decode)
    }

    @Test func anEncoderWithoutAnyUnitVectorEndsTheRun() async {
        let encoder = UnnormalizedEncoder()
        let store = MemoryStore(model: encoder.model)
        let error = await #expect(throws: CLIPError.self) {
            try await run(BytesSource([1, 2, 3]), encoder: encoder, store: store).run()
        }
        #expect(error?.code == .inference && error?.message.contains("none of 3 images") == true)
        #expect(store.ending == .stopped && store.failures.isEmpty)
    }

    @Test func aSingleImageWithoutAUnitVectorIsThatImagesFailure() async throws {
        let encoder = UnnormalizedEncoder()
        let store = MemoryStore(model: encoder.model)
        let summary = try await EmbeddingRun(
            source: BytesSource([1]),
            decoder: ByteDecoder(),
            encoder: encoder,
            writer: store
        ).run()
        #expect(summary.failed == 1 && summary.failures.first?.stage == .encode)
    }
}
