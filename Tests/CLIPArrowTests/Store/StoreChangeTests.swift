import CLIPArrow
import CLIPCore
import CLIPTesting
import Testing

/// Stores that are read while a run changes them.
@Suite struct StoreChangeTests {
    private let folder: TemporaryFolder
    private let scenario: StoreScenario

    init() async throws {
        folder = try TemporaryFolder()
        scenario = StoreScenario(folder: folder.path)
        try await scenario.run(StoreScenario.before)
    }

    private func count(_ store: ParquetStore) throws -> Int {
        var count = 0
        try store.forEachBlock(rows: 3) { count += $0.ids.count }
        return count
    }

    @Test func aStoreOfWhichRowsWereReplacedIsReadAgainNotInPart() async throws {
        let store = try ParquetStore(path: folder.path)
        try await scenario.run(StoreScenario.after)
        let error = #expect(throws: CLIPError.self) { try count(store) }
        #expect(error?.code == .conflict && error?.message.contains("part-00000.parquet was replaced") == true)
        let again = try ParquetStore(path: folder.path)
        #expect(try count(again) == again.count)
    }

    @Test func aStoreThatWasCompactedIsReadAgain() async throws {
        let store = try ParquetStore(path: folder.path)
        _ = try ParquetStore.compact(path: folder.path)
        let error = #expect(throws: CLIPError.self) { try store.sample(count: 12, seed: 1) }
        #expect(error?.code == .conflict)
    }

    @Test func rowsThatAreOnlyAddedDoNotDisturb() async throws {
        let store = try ParquetStore(path: folder.path)
        try await scenario.run(StoreScenario.before + [.init(id: "new", version: "1")])
        #expect(try count(store) == 12)
    }
}
