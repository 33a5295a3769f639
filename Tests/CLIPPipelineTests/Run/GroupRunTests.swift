import CLIPCore
import CLIPPipeline
import CLIPTesting
import Dispatch
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(5))) struct GroupRunTests {
    /// Groups of images, which count how many were taken and not yet answered.
    private final class Groups: Sendable {
        private let rest: Mutex<ArraySlice<[UInt8]>>
        private let inFlight = Mutex((now: 0, most: 0))
        private let written = Mutex([EmbeddedGroup]())

        var answers: [EmbeddedGroup] { written.withLock(\.self) }
        var mostInFlight: Int { inFlight.withLock(\.most) }

        init(_ groups: [[UInt8]]) {
            rest = Mutex(groups[...])
        }

        func next() -> ImageGroup<Int>? {
            guard let greys = rest.withLock({ $0.popFirst() }) else { return nil }
            inFlight.withLock { count in
                count.now += 1
                count.most = max(count.most, count.now)
            }
            let images = greys.enumerated().map { row, grey in ImageReference(id: "row \(row)") { [grey] } }
            return ImageGroup(images: images, origin: greys.count)
        }

        func write(_ count: Int, _ outcomes: EmbeddedGroup) {
            #expect(outcomes.failures.count == count)
            inFlight.withLock { $0.now -= 1 }
            written.withLock { $0.append(outcomes) }
        }
    }

    private func run(
        _ encoder: some ImageEncoder = StubImageEncoder(size: 1),
        decoder: some ImageDecoder = ByteDecoder(),
        batchSize: Int = 4
    ) -> GroupRun {
        GroupRun(decoder: decoder, encoder: encoder, options: .init(batchSize: batchSize, decodeWorkers: 3))
    }

    /// As a run pads its batches, so do groups of any size.
    @Test(arguments: [1, 3, 4, 7, 40], [2, 4])
    func vectorsAreThoseOfARunToTheLastBit(groupSize: Int, batchSize: Int) async throws {
        let encoder = BatchSizeEncoder()
        let greys = (0..<20).map { UInt8($0) }
        let store = MemoryStore(model: encoder.model)
        try await EmbeddingRun(
            source: BytesSource(greys),
            decoder: ByteDecoder(),
            encoder: encoder,
            writer: store,
            options: .init(batchSize: batchSize)
        ).run()
        let groups = Groups(
            stride(from: 0, to: greys.count, by: groupSize).map { Array(greys[$0..<min($0 + groupSize, greys.count)]) }
        )
        let isComplete = try await run(encoder, batchSize: batchSize).run(next: groups.next, write: groups.write)
        #expect(isComplete)
        #expect(groups.answers.flatMap(\.values) == store.block.embeddings.values)
    }

    @Test func everyImageHasAnOutcomeInTheGroupsOrder() async throws {
        let groups = Groups([[1, 255, 2, 255, 4, 3], [], [255], [5]])
        let encoder = StubImageEncoder(size: 1)
        _ = try await run(encoder, decoder: DamagedByteDecoder()).run(next: groups.next, write: groups.write)
        let answers = groups.answers
        #expect(answers.map(\.failures.count) == [6, 0, 1, 1])
        #expect(answers[0].failures.map { $0?.reason } == [nil, "damaged", nil, "damaged", nil, nil])
        #expect(answers[0].failures[1]?.stage == .decode)
        #expect(answers[0].damage == [nil, nil, "2 is even", nil, "4 is even", nil])
        let missing = [Float](repeating: 0, count: encoder.model.embeddingDimension)
        let vectors = try [UInt8]([1, 255, 2, 255, 4, 3]).flatMap { grey -> [Float] in
            grey == 255 ? missing : try encoder.vector(for: [grey, grey, grey])
        }
        #expect(answers[0].values == vectors)
        #expect(answers[2].values == missing)
    }

    @Test func noMoreThanTwoGroupsAreInMemory() async throws {
        let groups = Groups((0..<40).map { [UInt8($0), UInt8($0)] })
        _ = try await run().run(next: groups.next, write: groups.write)
        #expect(groups.mostInFlight <= 2)
        #expect(groups.answers.count == 40)
    }

    @Test func groupsBeforeAnErrorAreAnswered() async {
        let groups = Groups([[1, 2], [3], [4, 5, 6, 7, 8]])
        let error = await #expect(throws: CLIPError.self) {
            try await run().run {
                guard let group = groups.next() else { throw CLIPError(.corruptData, "cut short") }
                return group
            } write: { count, outcomes in
                groups.write(count, outcomes)
            }
        }
        #expect(error?.message == "cut short")
        #expect(groups.answers.map(\.failures.count) == [2, 1, 5])
    }

    /// A read from a pipe whose other end is silent cannot be interrupted.
    @Test func aStopDoesNotWaitForTheNextGroup() async throws {
        let (control, silence) = (RunControl(), DispatchSemaphore(value: 0))
        defer { silence.signal() }
        let groups = Groups([[1]])
        let isComplete = try await run().run(control: control) {
            if let group = groups.next() { return group }
            silence.wait()
            return nil
        } write: { count, outcomes in
            groups.write(count, outcomes)
            control.stop()
        }
        #expect(!isComplete)
        #expect(groups.answers.count == 1)
    }

    @Test func anErrorInWritingDoesNotWaitForTheNextGroup() async {
        let silence = DispatchSemaphore(value: 0)
        defer { silence.signal() }
        let groups = Groups([[1]])
        let error = await #expect(throws: CLIPError.self) {
            try await run().run {
                if let group = groups.next() { return group }
                silence.wait()
                return nil
            } write: { (_: Int, _) in
                throw CLIPError(.storage, "closed")
            }
        }
        #expect(error?.code == .storage)
    }

    @Test func anEncoderThatFailsEndsTheRun() async {
        let groups = Groups([[1], [2]])
        let encoder = StubImageEncoder(size: 1) { _ in true }
        let error = await #expect(throws: CLIPError.self) {
            try await run(encoder).run(next: groups.next, write: groups.write)
        }
        #expect(error?.code == .inference)
        #expect(groups.answers.isEmpty)
    }
}
