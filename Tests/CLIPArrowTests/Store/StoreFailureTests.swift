import CLIPArrow
import CLIPCore
import CLIPTesting
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

@Suite struct StoreFailureTests {
    /// In memory where there is such a place: thousands of files are synced here.
    private static let parent = (try? PathKind("/dev/shm")) == nil ? "/tmp" : "/dev/shm"
    private static let unchanged = ["image-0", "image-2", "image-4", "image-7"]

    /// Calls `body` with a failure at each change that it makes to files, until none is left to fail.
    private func atEveryChange(_ kind: Failure.Kind, _ body: (Failure) async throws -> Void) async throws -> Int {
        for count in 0..<10_000 {
            let failure = Failure(kind, afterChanges: count)
            try await body(failure)
            if !failure.hasHappened { return count }
        }
        return 0
    }

    @Test(arguments: zip([Failure.Kind.crash, .crash, .error], [(4, 3600), (2, 0), (4, 3600)]))
    private func aRunMayEndAtAnyChange(kind: Failure.Kind, sizes: (rowsPerPart: Int, seconds: Int)) async throws {
        let original = try StoreScenario.contents(StoreScenario.before)
        let expected = try StoreScenario.contents(StoreScenario.after)
        let changes = try await atEveryChange(kind) { failure in
            let folder = try TemporaryFolder(in: Self.parent)
            var scenario = StoreScenario(folder: folder.path)
            try await scenario.run(StoreScenario.before)
            scenario.rowsPerPart = sizes.rowsPerPart
            scenario.commitInterval = .seconds(sizes.seconds)
            do {
                try await scenario.run(StoreScenario.after, files: failure.files)
            } catch is Failure.Injected {}

            let contents = try #require(try scenario.contents(), "an image has two vectors")
            for id in Self.unchanged { #expect(contents[id] == original[id]) }
            for (id, vector) in contents { #expect(vector == original[id] || vector == expected[id]) }
            let isComplete = try ParquetStore(path: folder.path).isComplete
            #expect(!isComplete || contents == original || contents == expected)
            if kind == .error { #expect(!folder.names().contains { $0.hasSuffix(".tmp") }) }

            try await scenario.run(StoreScenario.after)
            #expect(try scenario.contents() == expected)
            #expect(try ParquetStore(path: folder.path).isComplete)
            #expect(try StoreInfo(path: folder.path).failureCount == 4)
            func leftovers() -> [String] { folder.names().filter { $0.hasSuffix(".tmp") || $0 == ".lock" } }
            // A program that another test is starting holds the lock of a temporary file for a moment, as this process did.
            if !leftovers().isEmpty { try await scenario.run(StoreScenario.after) }
            #expect(leftovers() == [])
        }
        #expect(changes > 20)
    }

    @Test(arguments: Failure.Kind.allCases)
    private func aFirstRunMayEndAtAnyChange(kind: Failure.Kind) async throws {
        let expected = try StoreScenario.contents(StoreScenario.before)
        let changes = try await atEveryChange(kind) { failure in
            let folder = try TemporaryFolder(in: Self.parent)
            let scenario = StoreScenario(folder: folder.path)
            do {
                try await scenario.run(StoreScenario.before, files: failure.files)
            } catch is Failure.Injected {
                if let store = try? ParquetStore(path: folder.path) {
                    #expect(store.count.isMultiple(of: 4) && !store.isComplete)
                }
            }
            try await scenario.run(StoreScenario.before)
            #expect(try scenario.contents() == expected)
        }
        #expect(changes > 20)
    }

    @Test(arguments: Failure.Kind.allCases)
    private func aCompactionMayEndAtAnyChange(kind: Failure.Kind) async throws {
        let expected = try StoreScenario.contents(StoreScenario.before)
        let changes = try await atEveryChange(kind) { failure in
            let folder = try TemporaryFolder(in: Self.parent)
            let scenario = StoreScenario(folder: folder.path)
            try await scenario.run(StoreScenario.before)
            do {
                _ = try StoreCompaction.run(path: folder.path, rowsPerPart: 8, files: failure.files)
            } catch is Failure.Injected {}
            #expect(try scenario.contents() == expected)
            let result = try StoreCompaction.run(path: folder.path)
            #expect(result.partsAfter == 1)
            #expect(folder.names() == ["part-00000-00002.parquet", "rejects.parquet"])
            #expect(try scenario.contents() == expected)
        }
        #expect(changes > 5)
    }

    @Test func aStoreThatCouldNotBeWrittenTakesNothingMore() async throws {
        let folder = try TemporaryFolder()
        let scenario = StoreScenario(folder: folder.path)
        let failure = Failure(.error, afterChanges: 1)
        let writer = try scenario.writer(failure.files)
        let block = try StoreScenario.block([StoreScenario.before[0]])
        await #expect(throws: Failure.Injected.self) { try await writer.append(block) }
        await #expect(throws: Failure.Injected.self) { try await writer.append(block) }
        await #expect(throws: Failure.Injected.self) { try await writer.finish(.complete) }
        #expect(folder.names() == [])
        try await scenario.run(StoreScenario.before)
        withExtendedLifetime(writer) {}
    }

    /// Names that a store never writes, each beside its own part 0.
    @Test(arguments: [
        "part-0.parquet", "part-00000-00000.parquet", "part-00002-00001.parquet", "part-2147483647.parquet",
        "part-99999999999999999999.parquet", "part-000000.parquet",
    ])
    func aPartThatNoStoreNamesSoIsRefusedAndNamed(name: String) async throws {
        let folder = try TemporaryFolder()
        let scenario = StoreScenario(folder: folder.path)
        try await scenario.run(StoreScenario.before)
        try folder.write(FileBytes.read("\(folder.path)/part-00000.parquet"), to: name)
        for attempt in [{ _ = try scenario.writer() }, { _ = try StoreInfo(path: folder.path) }] {
            let error = #expect(throws: CLIPError.self) { try attempt() }
            #expect(error?.code == .corruptData)
            #expect(error?.message.contains("/\(name) ") == true)
        }
    }

    @Test func aLockThatTheSystemRefusesIsNoOtherRun() {
        func failure(_ numbers: [Int32]) -> CLIPError? {
            var rest = numbers[...]
            return #expect(throws: CLIPError.self) {
                try StoreLock.lock(folder: "store") {
                    errno = rest.removeFirst()
                    return -1
                }
            }
        }
        #expect(failure([EINTR, EWOULDBLOCK])?.message.contains("Another run") == true)
        for number in [ENOLCK, ENOSYS, EOPNOTSUPP] {
            let start = "Cannot lock the folder store: \(SystemError(number: number)). A store is written where"
            #expect(failure([number])?.message.hasPrefix(start) == true)
        }
        #expect(failure([EIO])?.message == "Cannot lock the folder store: \(SystemError(number: EIO)).")
    }

    @Test func aFolderThatIsNotSyncedIsAnErrorUnlessItsFileSystemCannot() throws {
        func sync(_ number: Int32) throws {
            errno = number
            try PendingFile.requireSynced(folder: "store", -1)
        }
        for number in [EINVAL, ENOTSUP] { try sync(number) }
        let error = #expect(throws: CLIPError.self) { try sync(EIO) }
        #expect(error?.code == .storage && error?.message.contains("store") == true)
    }

    /// With and without the full stop that messages of the system lack.
    @Test(arguments: ["", "."])
    func aFullDiskIsExplained(fullStop: String) async throws {
        let folder = try TemporaryFolder()
        let full = StoreFiles { _, path in
            throw CLIPError(.storage, "Cannot write \(path): No space left on device\(fullStop)")
        }
        let writer = try StoreScenario(folder: folder.path).writer(full)
        let block = try StoreScenario.block([StoreScenario.before[0]])
        let error = await #expect(throws: CLIPError.self) { try await writer.append(block) }
        #expect(error?.code == .storage)
        #expect(error?.message.contains("part-00000.parquet: No space left on device. Committed work is safe") == true)
        #expect(error?.message.contains("rerun to resume") == true)
    }
}
