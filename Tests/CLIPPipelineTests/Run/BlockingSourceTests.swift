import CLIPCore
import CLIPPipeline
import CLIPTesting
import Dispatch
import Synchronization
import TestSupport
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Sources that block their thread, as a disk does that is slow or does not answer.
@Suite(.timeLimit(.minutes(5))) struct BlockingSourceTests {
    private let encoder = StubImageEncoder(size: 1)
    private let store = MemoryStore(model: StubImageEncoder(size: 1).model)
    /// More than Swift's pool has threads.
    private let many = ProcessorCount.current * 2

    /// Images, some of which hang until the gate is opened.
    private struct Source: ImageSource {
        var count = 0
        var onNext: @Sendable (_ position: Int) -> Void = { _ in }
        var onRead: @Sendable (_ position: Int) -> Void = { _ in }
        var onCount: @Sendable () -> Void = {}
        /// What each image holds in memory before it is read.
        var heldByteCount = 0

        func makeIterator() -> any ImageIterator { Iterator(source: self) }

        func count() async throws -> Int? {
            onCount()
            return count
        }

        private struct Iterator: ImageIterator {
            let source: Source
            var position = 0

            mutating func next() -> ImageReference? {
                source.onNext(position)
                guard position < source.count else { return nil }
                defer { position += 1 }
                return ImageReference(id: "\(position)", heldByteCount: source.heldByteCount) {
                    [source, position] buffer in
                    source.onRead(position)
                    buffer = [UInt8(position)]
                }
            }
        }
    }

    /// Blocks threads until it is opened.
    private final class Gate: Sendable {
        private let semaphore = DispatchSemaphore(value: 0)

        func wait() {
            semaphore.wait()
            semaphore.signal()
        }

        func open() { semaphore.signal() }
    }

    private func run(_ source: some ImageSource, idleTime: Duration? = nil) -> EmbeddingRun {
        var options = EmbeddingRun.Options()
        options.batchSize = 4
        options.concurrentReads = many
        if let idleTime { options.idleTime = idleTime }
        return EmbeddingRun(source: source, decoder: ByteDecoder(), encoder: encoder, writer: store, options: options)
    }

    /// Stops the run once four images are embedded.
    private func embedUntilFourAreDone(_ source: Source) async throws -> RunSummary {
        let control = RunControl()
        return try await run(source).run(control: control) { event in
            if case .progress(let progress) = event, progress.embedded == 4 { control.stop() }
        }
    }

    /// The images of an archive that is read in order are in memory until they are read.
    @Test func fewImagesAreFoundAheadThatHoldMemory() async throws {
        let gate = Gate()
        let found = Atomic(0)
        let source = Source(
            count: 100,
            onNext: { found.store($0, ordering: .relaxed) },
            onRead: { _ in gate.wait() },
            heldByteCount: 40 << 20
        )
        async let summary = run(source).run()
        try await Task.sleep(for: .milliseconds(300))
        // Two are found by the walk and two are known to the run, besides those that are being read.
        #expect(found.load(ordering: .relaxed) <= many + 5)
        gate.open()
        #expect(try await summary.embedded == 100)
    }

    @Test func asManyImagesAreReadAtATimeAsAreAskedFor() async throws {
        let all = Barrier(many)
        let result = try await run(Source(count: many, onRead: { _ in all.wait() })).run()
        #expect(result.embedded == many)
    }

    @Test func readsThatHangKeepNoBatchFromTheStoreAndNoRunFromStopping() async throws {
        let gate = Gate()
        defer { gate.open() }
        let result = try await embedUntilFourAreDone(
            Source(count: 4 + many, onRead: { if $0 >= 4 { gate.wait() } })
        )
        #expect(result.ending == .stopped && result.embedded == 4)
        #expect(store.count == 4)
        #expect(store.ending == .stopped)
    }

    @Test func imagesBeforeReadsThatHangAreStored() async throws {
        let gate = Gate()
        defer { gate.open() }
        let control = RunControl()
        let source = Source(count: 6 + many, onRead: { if $0 >= 6 { gate.wait() } })
        let result = try await run(source, idleTime: .milliseconds(1)).run(control: control) { event in
            if case .progress(let progress) = event, progress.embedded == 6 { control.stop() }
        }
        #expect(result.ending == .stopped && result.embedded == 6)
    }

    /// Images may carry their bytes, as those of tables do.
    @Test func aSourceIsWalkedNotFarAheadOfReading() async throws {
        let named = Mutex(0)
        let farthest = Mutex(0)
        let source = Source(
            count: 250,
            onNext: { position in named.withLock { $0 = position } },
            onRead: { position in
                usleep(1000)
                let ahead = named.withLock(\.self) - position
                farthest.withLock { $0 = max($0, ahead) }
            }
        )
        let result = try await run(source).run()
        #expect(result.embedded == 250)
        #expect(farthest.withLock(\.self) <= 2 * 16 + 4 * many + 1)
    }

    @Test func aFolderThatHangsKeepsNoBatchFromTheStoreAndNoRunFromStopping() async throws {
        let gate = Gate()
        defer { gate.open() }
        let result = try await embedUntilFourAreDone(Source(count: 5, onNext: { if $0 == 4 { gate.wait() } }))
        #expect(result.ending == .stopped && result.embedded == 4)
    }

    @Test func whereImagesAreFoundSlowlyReadingIsTheBottleneck() async throws {
        let result = try await run(Source(count: 4, onNext: { _ in usleep(20_000) })).run()
        #expect(result.progress.load.bottleneck == .read)
    }

    @Test func countingThatHangsIsNotWaitedForWhenTheRunIsStopped() async throws {
        let gate = Gate()
        defer { gate.open() }
        let control = RunControl()
        let source = Source(
            count: 1,
            onCount: {
                control.stop()
                gate.wait()
            }
        )
        let result = try await run(source).run(control: control)
        #expect(result.ending == .stopped && result.progress.processed == 0)
    }

    /// Fewer images than a batch, then none for long: a pipe to which a camera writes now and then.
    @Test func imagesOfAnIdleSourceAreEncoded() async throws {
        let gate = Gate()
        let source = Source(count: 8, onNext: { if $0 == 7 { gate.wait() } })
        let result = try await run(source, idleTime: .milliseconds(1)).run { event in
            if case .progress(let progress) = event, progress.embedded == 7 { gate.open() }
        }
        #expect(result.embedded == 8)
        #expect(store.block.ids == (0..<8).map(String.init))
    }

    @Test func whereverASourceIsIdleVectorsAreTheSameToTheLastBit() async throws {
        let encoder = BatchSizeEncoder()
        func embed(idleAt position: Int?) async throws -> EmbeddingBlock {
            let gate = Gate()
            let store = MemoryStore(model: encoder.model)
            var options = EmbeddingRun.Options()
            options.batchSize = 4
            options.idleTime = .milliseconds(1)
            let run = EmbeddingRun(
                source: Source(count: 6, onNext: { if $0 == position { gate.wait() } }),
                decoder: ByteDecoder(),
                encoder: encoder,
                writer: store,
                options: options
            )
            _ = try await run.run { event in
                if case .progress(let progress) = event, progress.processed == position { gate.open() }
            }
            return store.block
        }
        let undisturbed = try await embed(idleAt: nil)
        for position in 1...5 { #expect(try await embed(idleAt: position) == undisturbed) }
    }
}
