import CLIPArrow
import CLIPCore
import CLIPPipeline
import CLIPTesting
import Testing

@Suite struct StoredSourcesTests {
    private static let images = StoreScenario.before

    private func write(_ name: String?, into folder: String, prunes: Bool = false) async throws {
        var options = ParquetStoreWriter.Options()
        options.sources = name.map { SourceRecord(directory: "/home", sources: [$0]) }
        options.rowsPerPart = 4
        let writer = try ParquetStoreWriter(
            path: folder,
            provenance: Provenance(StoreScenario.model),
            options: options
        )
        if try await writer.storedImages().count == 0 { try await writer.append(StoreScenario.block(Self.images)) }
        if prunes { _ = try await writer.removeImages(notIn: ImageIDSet(Self.images.map(\.id))) }
        try await writer.finish(.complete)
    }

    private func names(_ folder: String) throws -> [String] {
        try StoreInfo(path: folder).sources.map(\.names)
    }

    @Test func sourcesOfAllRunsAreKeptAndSurviveCompaction() async throws {
        let folder = try TemporaryFolder()
        try await write("a", into: folder.path)
        try await write("b", into: folder.path)
        try await write(nil, into: folder.path)
        #expect(try names(folder.path) == ["a", "b"])
        #expect(try StoreCompaction.run(path: folder.path, rowsPerPart: 100).partsAfter == 1)
        #expect(try names(folder.path) == ["a", "b"])
    }

    @Test func afterPruningOnlyTheLastRunsSourcesCount() async throws {
        let folder = try TemporaryFolder()
        try await write("a", into: folder.path)
        try await write("b", into: folder.path, prunes: true)
        #expect(try names(folder.path) == ["b"])
    }

    @Test func manyRunsAreRememberedUntilOneIsPruned() async throws {
        let folder = try TemporaryFolder()
        let runs = (0..<34).map { "\($0)" }
        for run in runs { try await write(run, into: folder.path) }
        #expect(try names(folder.path) == runs)
        #expect(try !StoreInfo(path: folder.path).sources.mayLackEarlier)
        try await write("a", into: folder.path, prunes: true)
        #expect(try !StoreInfo(path: folder.path).sources.mayLackEarlier)
    }

    @Test func passwordsAreNotWritten() async throws {
        let folder = try TemporaryFolder()
        try await write("https://user:password@host/a.jpg", into: folder.path)
        #expect(try names(folder.path) == [""])
        let file = String(decoding: try FileBytes.read("\(folder.path)/rejects.parquet"), as: UTF8.self)
        #expect(!file.contains("password"))
    }

    @Test func storesWithoutSourcesHaveNone() async throws {
        let folder = try TemporaryFolder()
        try await write(nil, into: folder.path)
        #expect(try names(folder.path) == [])
    }
}
