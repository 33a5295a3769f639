import CLIPArrow
import CLIPCore
import CLIPTesting
import Synchronization
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Damaged files of a store cost no more than what is in them, and messages say what to do.
@Suite struct StoreDamageTests {
    private let folder: TemporaryFolder
    private let scenario: StoreScenario

    init() async throws {
        folder = try TemporaryFolder()
        scenario = StoreScenario(folder: folder.path)
        try await scenario.run(StoreScenario.before)
    }

    /// Overwrites the head of the page before the first vector of a part; its ids stay readable.
    private func damageVectors(of part: String, first image: StoreScenario.Image) throws {
        var bytes = try FileBytes.read("\(folder.path)/\(part)")
        let vector = try StoreScenario.vector(image).withUnsafeBytes { Array($0) }
        let start = try #require(
            bytes.indices.dropLast(vector.count).first { bytes[$0..<$0 + vector.count].elementsEqual(vector) }
        )
        for index in start - 16..<start { bytes[index] = 0xFF }
        try folder.write(bytes, to: part)
    }

    @Test func aDamagedPartDoesNotCostWhatIsNew() async throws {
        try damageVectors(of: "part-00000.parquet", first: StoreScenario.before[0])
        let error = await #expect(throws: CLIPError.self) { try await scenario.run(StoreScenario.after) }
        #expect(error?.code == .corruptData)
        #expect(error?.message.contains("/part-00000.parquet is damaged. New vectors of 1 of its images") == true)
        #expect(error?.message.contains("Run 'clip-cli store repair' and then") == true)
        #expect(!folder.names().contains { $0.hasSuffix(".tmp") || $0 == ".lock" })
        #expect(try !StoreInfo(path: folder.path).isComplete)

        try #require(unlink(folder.path + "/part-00000.parquet") == 0)
        let expected = try StoreScenario.contents(StoreScenario.after)
        let rest = expected.filter { !["image-0", "image-1", "image-2"].contains($0.key) }
        #expect(try scenario.contents() == rest)
        try await scenario.run(StoreScenario.after)
        #expect(try scenario.contents() == expected)
    }

    @Test func vectorsThatComeAfterTheDamageIsKnownAreStoredToo() async throws {
        try damageVectors(of: "part-00000.parquet", first: StoreScenario.before[0])
        var scenario = scenario
        scenario.commitInterval = .zero
        await #expect(throws: CLIPError.self) { try await scenario.run(StoreScenario.after) }
        try #require(unlink(folder.path + "/part-00000.parquet") == 0)
        #expect(try scenario.contents()?.keys.contains("image-13") == true)
    }

    @Test func aPartWithoutAReadableEndSaysWhatToDo() throws {
        let part = try FileBytes.read(folder.path + "/part-00001.parquet")
        try folder.write(Array(part.dropLast(8)), to: "part-00001.parquet")
        for attempt in [{ _ = try scenario.writer() }, { _ = try StoreInfo(path: folder.path) }] {
            let error = #expect(throws: CLIPError.self) { try attempt() }
            #expect(error?.code == .corruptData && error?.message.contains("part-00001.parquet") == true)
            #expect(error?.message.contains("run 'clip-cli store repair'") == true)
        }
    }

    @Test(arguments: ["", "no Parquet"])
    func aDamagedListOfFailuresSaysThatItMayBeRemoved(contents: String) throws {
        try folder.write(Array(contents.utf8), to: "rejects.parquet")
        for attempt in [{ _ = try scenario.writer() }, { _ = try StoreInfo(path: folder.path) }] {
            let error = #expect(throws: CLIPError.self) { try attempt() }
            #expect(error?.code == .corruptData && error?.message.contains("/rejects.parquet") == true)
            #expect(error?.message.contains("holds no vectors: remove it, and rerun.") == true)
        }
    }

    @Test func partsDoNotGetNumbersThatNobodyReads() async throws {
        try #require(rename(folder.path + "/part-00002.parquet", folder.path + "/part-999999999.parquet") == 0)
        #expect(try scenario.contents()?.count == 12)
        let error = #expect(throws: CLIPError.self) { try scenario.writer() }
        #expect(error?.code == .storage)
        #expect(error?.message.contains("part-999999999.parquet has the largest possible part number") == true)
        #expect(error?.message.contains("such as part-00002.parquet.") == true)
        try #require(rename(folder.path + "/part-999999999.parquet", folder.path + "/part-00002.parquet") == 0)
        try await scenario.run(StoreScenario.after)
        #expect(try scenario.contents() == StoreScenario.contents(StoreScenario.after))
    }
}

/// What happens to a writer, and to its store, from the beginning of a run to its end.
@Suite struct StoreRunTests {
    private let folder: TemporaryFolder
    private let scenario: StoreScenario

    init() throws {
        folder = try TemporaryFolder()
        scenario = StoreScenario(folder: folder.path)
    }

    @Test func aFinishedWriterTakesAnotherRun() async throws {
        let writer = try scenario.writer()
        try await writer.append(StoreScenario.block([StoreScenario.before[0]]))
        try await writer.recordFailure(FailedImage(id: "bad", stage: .decode, reason: "damaged"))
        try await writer.finish(.complete)
        #expect(folder.names() == ["part-00000.parquet", "rejects.parquet"])
        try await writer.finish(.complete)
        #expect(try StoreInfo(path: folder.path).failureCount == 1)

        #expect(try await writer.storedImages().count == 1)
        try await writer.append(StoreScenario.block([StoreScenario.before[1]]))
        try await writer.finish(.complete)
        #expect(try scenario.contents() == StoreScenario.contents(Array(StoreScenario.before[...1])))
        #expect(try StoreInfo(path: folder.path).failureCount == 0)
        #expect(!folder.names().contains(".lock"))
    }

    @Test func aStoreThatCouldNotBeReadIsNotLocked() async throws {
        try await scenario.run(StoreScenario.before)
        let writer = try scenario.writer()
        try folder.write([1, 2, 3], to: "part-00001.parquet")
        await #expect(throws: CLIPError.self) { try await writer.storedImages() }
        #expect(!folder.names().contains(".lock"))
        await #expect(throws: CLIPError.self) { try await writer.finish(.stopped) }
    }

    @Test func failuresAreNotAllWrittenAgainForEachOne() async throws {
        let writes = Mutex(0)
        var scenario = scenario
        scenario.commitInterval = .zero
        let writer = try scenario.writer(
            StoreFiles { change, path in
                if change == .create, path.hasSuffix("rejects.parquet") { writes.withLock { $0 += 1 } }
            }
        )
        for number in 0..<1000 {
            try await writer.recordFailure(FailedImage(id: "\(number)", stage: .decode, reason: "damaged"))
        }
        try await writer.finish(.stopped)
        // Each time an eighth is new: 8 + 8 · ln(1000 / 8), and the end.
        #expect(writes.withLock(\.self) < 60)
        #expect(try StoreInfo(path: folder.path).failureCount == 1000)
    }

    @Test func anImageThatIsStoredAfterItWasFailedStays() async throws {
        try await scenario.run(StoreScenario.before)
        var scenario = scenario
        scenario.commitInterval = .zero
        let writer = try scenario.writer()
        for number in 0..<20 {
            try await writer.recordFailure(FailedImage(id: "bad-\(number)", stage: .decode, reason: "damaged"))
        }
        try await writer.recordFailure(FailedImage(id: "image-0", stage: .decode, reason: "damaged"))
        try await writer.append(StoreScenario.block([.init(id: "image-0", version: "2")]))
        try await writer.finish(.complete)
        let expected = [StoreScenario.Image(id: "image-0", version: "2")] + StoreScenario.before[1...]
        #expect(try scenario.contents() == StoreScenario.contents(expected))
    }
}
