import CLIPCore
import CLIPReport
import Synchronization
import Testing

@Suite struct BackgroundResultWriterTests {
    private struct DiskIsFull: Error {}

    /// What became of a writer.
    private final class Record: Sendable {
        struct State {
            var ids = [String]()
            var isFinished = false
            var isGone = false
        }

        let state = Mutex(State())
        var ids: [String] { state.withLock(\.ids) }
        var isFinished: Bool { state.withLock(\.isFinished) }
        var isGone: Bool { state.withLock(\.isGone) }
    }

    private final class RecordingWriter: ResultWriter {
        private let record: Record
        private let room: Int

        init(_ record: Record, room: Int = .max) {
            self.record = record
            self.room = room
        }

        deinit {
            record.state.withLock { $0.isGone = true }
        }

        let prepare: @Sendable (ResultBlock) throws -> PreparedResults = { .values($0) }

        func append(_ results: PreparedResults) throws {
            guard case .values(let block) = results else { preconditionFailure("only values are prepared") }
            guard record.ids.count < room else { throw DiskIsFull() }
            record.state.withLock { $0.ids += block.ids }
        }

        func finish() throws {
            record.state.withLock { $0.isFinished = true }
        }
    }

    private static func block(_ index: Int) -> ResultBlock {
        ResultBlock(ids: ["\(index)"], evidence: [Evidence(score: 0, positive: 0)])
    }

    @Test(arguments: [0, 1, 100])
    func allBlocksAreWrittenInOrderBeforeTheEnd(_ count: Int) throws {
        let record = Record()
        let writer = try BackgroundResultWriter(RecordingWriter(record))
        for index in 0..<count { try writer.append(Self.block(index)) }
        try writer.finish()
        #expect(record.ids == (0..<count).map { "\($0)" })
        #expect(record.isFinished && record.isGone)
    }

    @Test(arguments: [0, 1, 5])
    func anErrorReachesTheCaller(room: Int) throws {
        let record = Record()
        let writer = try BackgroundResultWriter(RecordingWriter(record, room: room))
        #expect(throws: DiskIsFull.self) {
            for index in 0..<1000 { try writer.append(Self.block(index)) }
            try writer.finish()
        }
        #expect(record.ids.count == room)
        #expect(!record.isFinished && record.isGone)
    }

    @Test func aWriterThatIsDroppedCompletesNothing() throws {
        let record = Record()
        do {
            let writer = try BackgroundResultWriter(RecordingWriter(record))
            try writer.append(Self.block(0))
        }
        #expect(!record.isFinished)
        #expect(record.isGone)
    }
}
