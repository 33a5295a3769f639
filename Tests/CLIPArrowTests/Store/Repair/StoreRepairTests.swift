import CLIPArrow
import CLIPCore
import CLIPTesting
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A repair keeps what is sound, moves the rest aside, and lists what has to be embedded again.
@Suite struct StoreRepairTests {
    private let folder: TemporaryFolder
    private let scenario: StoreScenario

    init() async throws {
        folder = try TemporaryFolder()
        scenario = StoreScenario(folder: folder.path)
        try await scenario.run(StoreScenario.before)
    }

    private func path(_ name: String) -> String { "\(folder.path)/\(name)" }

    private func flip(_ position: Int, of name: String) throws {
        var bytes = try FileBytes.read(path(name))
        bytes[position < 0 ? bytes.count + position : position] ^= 1
        try folder.write(bytes, to: name)
    }

    /// The position of an image's vector in a part.
    private func position(of image: StoreScenario.Image, in name: String) throws -> Int {
        let bytes = try FileBytes.read(path(name))
        let vector = try StoreScenario.vector(image).withUnsafeBytes { Array($0) }
        return try #require(
            bytes.indices.dropLast(vector.count).first { bytes[$0..<$0 + vector.count].elementsEqual(vector) }
        )
    }

    private func list(_ number: Int = 1) throws -> String {
        String(decoding: try FileBytes.read(path("damaged/\(number)/images.csv")), as: UTF8.self)
    }

    @Test func aSoundStoreIsLeftAlone() throws {
        let names = folder.names()
        let repair = try StoreRepair.run(path: folder.path)
        #expect(repair.files.isEmpty && repair.folder == nil && repair.list == nil)
        #expect(folder.names() == names)
        #expect(try DamagedFile.all(store: folder.path).isEmpty)
    }

    /// The lowest bit of a vector's first value does not change its length noticeably: only a checksum finds it.
    @Test func oneBitOfAVectorIsFoundAndItsImagesAreEmbeddedAgain() async throws {
        try flip(position(of: StoreScenario.before[5], in: "part-00001.parquet"), of: "part-00001.parquet")
        let error = #expect(throws: CLIPError.self) { try scenario.contents() }
        #expect(error?.code == .corruptData && error?.message.contains("checksum differs") == true)
        let merging = #expect(throws: CLIPError.self) { try StoreCompaction.run(path: folder.path) }
        for message in [error?.message, merging?.message] {
            #expect(message?.contains("run 'clip-cli store repair'") == true)
        }

        let repair = try StoreRepair.run(path: folder.path)
        #expect(repair.files.map(\.name) == ["part-00001.parquet"])
        #expect(repair.files.first?.reason.contains("checksum differs") == true)
        #expect(repair.lostCount == 4 && repair.unknownCount == 0)
        let lost = ["image-4", "image-5", "image-6", "image-7"]
        #expect(try list() == "id,file\r\n" + lost.map { "\($0),part-00001.parquet\r\n" }.joined())
        #expect(folder.names().filter { $0.hasPrefix("part") } == ["part-00000.parquet", "part-00002.parquet"])
        #expect(try FileBytes.size(path("damaged/1/part-00001.parquet")) > 0)
        #expect(try !StoreInfo(path: folder.path).isComplete)

        #expect(try DamagedFile.all(store: folder.path).isEmpty)
        let expected = try StoreScenario.contents(StoreScenario.before)
        #expect(try scenario.contents() == expected.filter { !lost.contains($0.key) })
        try await scenario.run(StoreScenario.before)
        #expect(try scenario.contents() == expected)
        #expect(try StoreInfo(path: folder.path).isComplete)
    }

    @Test func aPartWithoutAReadableFooterIsMovedAside() async throws {
        try flip(-20, of: "part-00002.parquet")
        let found = try DamagedFile.all(store: folder.path)
        #expect(found.map(\.name) == ["part-00002.parquet"] && found[0].reason.contains("footer is damaged"))
        let repair = try StoreRepair.run(path: folder.path)
        #expect(repair.lostCount == 0 && repair.unknownCount == nil)
        try await scenario.run(StoreScenario.before)
        #expect(try scenario.contents() == StoreScenario.contents(StoreScenario.before))
    }

    @Test func aDamagedListOfFailuresIsMovedAside() async throws {
        try flip(-20, of: "rejects.parquet")
        let repair = try StoreRepair.run(path: folder.path)
        #expect(repair.files.map(\.name) == ["rejects.parquet"] && repair.lostCount == 0 && repair.unknownCount == 0)
        #expect(try scenario.contents() == StoreScenario.contents(StoreScenario.before))
        #expect(try !StoreInfo(path: folder.path).isComplete)
    }

    /// The value stands in its page and, as a statistic, in page headers and the footer: one of them is no footer's damage.
    @Test func aDamagedFileSizeInTheListOfFailuresIsFound() async throws {
        let size = 1_234_567_890_123
        let writer = try scenario.writer()
        try await writer.recordFailure(FailedImage(id: "bad", stage: .decode, reason: "damaged", byteCount: size))
        try await writer.finish(.complete)
        let value = withUnsafeBytes(of: Int64(size).littleEndian) { Array($0) }
        let bytes = try FileBytes.read(path("rejects.parquet"))
        var reasons = [String]()
        for position in bytes.indices.dropLast(8) where bytes[position..<position + 8].elementsEqual(value) {
            try flip(position, of: "rejects.parquet")
            reasons += try DamagedFile.all(store: folder.path).map(\.reason)
            try flip(position, of: "rejects.parquet")
        }
        #expect(reasons.contains { !$0.contains("footer") }, "\(reasons)")
    }

    @Test func failuresAreStillListed() async throws {
        let writer = try scenario.writer()
        try await writer.recordFailure(FailedImage(id: "bad", stage: .decode, reason: "damaged", byteCount: 7))
        try await writer.finish(.complete)
        try flip(position(of: StoreScenario.before[0], in: "part-00000.parquet"), of: "part-00000.parquet")
        _ = try StoreRepair.run(path: folder.path)
        #expect(try ParquetStore(path: folder.path).failures().map(\.id) == ["bad"])
    }

    /// Before each of its changes, the repair ends as if killed; the next one and a run then restore everything.
    @Test(arguments: 0..<12) func anInterruptedRepairIsCompletedByTheNext(changes: Int) async throws {
        try flip(position(of: StoreScenario.before[5], in: "part-00001.parquet"), of: "part-00001.parquet")
        try flip(-20, of: "part-00002.parquet")
        let failing = Failure(.crash, afterChanges: changes)
        _ = try? StoreRepair.run(path: folder.path, files: failing.files)
        _ = try StoreRepair.run(path: folder.path)
        #expect(try DamagedFile.all(store: folder.path).isEmpty)
        try await scenario.run(StoreScenario.before)
        #expect(try scenario.contents() == StoreScenario.contents(StoreScenario.before))
    }

    @Test func aFolderWithoutAStoreIsRefused() throws {
        let empty = try TemporaryFolder()
        let error = #expect(throws: CLIPError.self) { try StoreRepair.run(path: empty.path) }
        #expect(error?.code == .notFound)
    }

    @Test func aStoreThatIsBeingWrittenIsNotRepaired() throws {
        let writer = try scenario.writer(StoreFiles())
        _ = writer
        try flip(-20, of: "part-00002.parquet")
        let error = #expect(throws: CLIPError.self) { try StoreRepair.run(path: folder.path) }
        #expect(error?.code == .storage && error?.message.contains("Another run is writing") == true)
    }
}
