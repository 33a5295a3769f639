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

/// Two runs on one store, of which neither sees the other's lock, as on file systems that two computers share.
@Suite struct StoreConflictTests {
    private let folder: TemporaryFolder
    private let scenario: StoreScenario
    private let lockOfAnother = Array("other.example 4711 1\n".utf8)

    init() throws {
        folder = try TemporaryFolder()
        scenario = StoreScenario(folder: folder.path)
    }

    private func replaceLock() throws {
        try #require(unlink(folder.path + "/.lock") == 0)
        try folder.write(lockOfAnother, to: ".lock")
    }

    @Test func aRunWhoseStoreAnotherTookOverStoresNothingMoreAndLeavesTheOthersLock() async throws {
        try await scenario.run(StoreScenario.before)
        let names = folder.names()
        let writer = try scenario.writer()
        try await writer.append(StoreScenario.block([.init(id: "new", version: "1")]))
        try replaceLock()
        let error = await #expect(throws: CLIPError.self) { try await writer.finish(.complete) }
        #expect(error?.code == .conflict)
        #expect(error?.message.contains("process 4711 on other.example has taken it over") == true)
        #expect(error?.message.contains("Free space") == false)
        #expect(folder.names() == [".lock"] + names)
        #expect(try FileBytes.read(folder.path + "/.lock") == lockOfAnother)
    }

    @Test func aRunWhoseLockIsGoneStoresNothingMore() async throws {
        let writer = try scenario.writer()
        try await writer.append(StoreScenario.block([StoreScenario.before[0]]))
        try #require(unlink(folder.path + "/.lock") == 0)
        let error = await #expect(throws: CLIPError.self) { try await writer.finish(.complete) }
        #expect(error?.code == .conflict && error?.message.contains("its file .lock no longer exists") == true)
        #expect(folder.names() == [])
    }

    /// The other run removes unfinished files, and the disk is not to blame for that.
    @Test func aFailureAfterAnotherTookOverIsBlamedOnTheOther() async throws {
        let files = StoreFiles { [folder, lockOfAnother] change, path in
            guard change == .write else { return }
            try folder.write(lockOfAnother, to: ".lock")
            throw CLIPError(.storage, "Cannot write \(path): No such file or directory.")
        }
        let writer = try scenario.writer(files)
        let block = try StoreScenario.block([StoreScenario.before[0]])
        let error = await #expect(throws: CLIPError.self) { try await writer.append(block) }
        #expect(error?.code == .conflict && error?.message.contains("has taken it over") == true)
        #expect(error?.message.contains("Free disk space") == false)
    }

    @Test func aCompactionWhoseStoreAnotherTookOverChangesNothing() async throws {
        try await scenario.run(StoreScenario.before)
        let files = StoreFiles { [folder, lockOfAnother] change, _ in
            if change == .rename { try folder.write(lockOfAnother, to: ".lock") }
        }
        let error = #expect(throws: CLIPError.self) {
            try StoreCompaction.run(path: folder.path, rowsPerPart: 8, files: files)
        }
        #expect(error?.code == .conflict)
        #expect(folder.names().filter { $0.hasPrefix("part") }.count == 3)
    }

    @Test func aPartOfAnotherRunIsNotReplaced() async throws {
        let other = try TemporaryFolder()
        try await StoreScenario(folder: other.path).run(StoreScenario.before)
        let part = try FileBytes.read(other.path + "/part-00000.parquet")
        let files = StoreFiles { [folder] change, path in
            if change == .rename, path.hasSuffix("part-00000.parquet") {
                try folder.write(part, to: "part-00000.parquet")
            }
        }
        let writer = try scenario.writer(files)
        try await writer.append(StoreScenario.block([.init(id: "new", version: "1")]))
        let error = await #expect(throws: CLIPError.self) { try await writer.finish(.complete) }
        #expect(error?.code == .conflict && error?.message.contains("part-00000.parquet") == true)
        #expect(try FileBytes.read(folder.path + "/part-00000.parquet") == part)
    }

    /// Part 3 repeats part 0, with other vectors of two of its images.
    private func writeDoubledStore() async throws -> [String: [Float]] {
        try await scenario.run(StoreScenario.before)
        let other = try TemporaryFolder()
        let newer = (0..<4).map { StoreScenario.Image(id: "image-\($0)", version: $0 < 2 ? "2" : "1") }
        try await StoreScenario(folder: other.path).run(newer)
        try folder.write(FileBytes.read(other.path + "/part-00000.parquet"), to: "part-00003.parquet")
        try #require(try scenario.contents() == nil)
        return try StoreScenario.contents(newer + StoreScenario.before[4...])
    }

    @Test func imagesThatAreThereTwiceAreRepairedByTheNextRun() async throws {
        let expected = try await writeDoubledStore()
        let writer = try scenario.writer()
        let stored = try await writer.storedImages()
        #expect(stored.count == 12 && stored.isCurrent("image-0", version: "2"))
        #expect(await writer.doubledCount == 4)
        try await writer.finish(.complete)
        #expect(try scenario.contents() == expected)
        #expect(folder.names().filter { $0.hasPrefix("part") }.count == 3)
    }

    @Test(arguments: [4, 100])
    func imagesThatAreThereTwiceAreRepairedByACompaction(rowsPerPart: Int) async throws {
        let expected = try await writeDoubledStore()
        #expect(try StoreCompaction.run(path: folder.path, rowsPerPart: rowsPerPart).repairedImages == 4)
        #expect(try scenario.contents() == expected)
        #expect(try StoreCompaction.run(path: folder.path, rowsPerPart: rowsPerPart).repairedImages == 0)
    }

    @Test func onlyTheLastOfAnImagesRowsStays() {
        var dropped = DroppedRows(images: [ImageIDKey("gone")], repeated: [ImageIDKey("thrice"): 3])
        let rows = ["thrice", "gone", "once", "thrice", "thrice"]
        #expect(rows.map { dropped.takes($0) } == [true, true, false, true, false])
    }

    @Test func aLockThatIsALinkIsNotFollowed() throws {
        try #require(symlink("victim", folder.path + "/.lock") == 0)
        let error = #expect(throws: CLIPError.self) { try scenario.writer() }
        #expect(error?.code == .storage && error?.message.contains("/.lock: it is a link. Remove") == true)
        #expect(folder.names() == [".lock"])
    }

    @Test func theRunThatHasTheLockIsNamed() throws {
        let writer = try scenario.writer()
        let error = #expect(throws: CLIPError.self) { try scenario.writer() }
        #expect(error?.message.contains("is writing to \(folder.path): process \(getpid()) on ") == true)
        withExtendedLifetime(writer) {}
    }

    @Test func whatAKilledRunLeftIsNoLock() async throws {
        try folder.write(lockOfAnother, to: ".lock")
        try await scenario.run(StoreScenario.before)
        #expect(!folder.names().contains(".lock"))
    }
}
