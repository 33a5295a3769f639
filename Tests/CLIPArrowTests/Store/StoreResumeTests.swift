import CLIPArrow
import CLIPCore
import CLIPTesting
import Testing

@Suite struct StoreResumeTests {
    private let folder: TemporaryFolder
    private let scenario: StoreScenario

    init() throws {
        folder = try TemporaryFolder()
        scenario = StoreScenario(folder: folder.path)
    }

    @Test func rowsStayWhereTheyAreAndChangedOnesMoveToTheEnd() async throws {
        try await scenario.run(StoreScenario.before)
        try await scenario.run(StoreScenario.after)
        var ids = [String]()
        try ParquetStore(path: folder.path).forEachBlock(rows: 3) { ids += $0.ids }
        #expect(ids == [0, 2, 4, 7, 1, 5, 6, 12, 13].map { "image-\($0)" })
    }

    @Test func aRunWithNothingToDoChangesNoPart() async throws {
        try await scenario.run(StoreScenario.before)
        let names = folder.names()
        let part = FileVersion.read(bytesOfPath: Array("\(folder.path)/part-00000.parquet".utf8))
        try await scenario.run(StoreScenario.before)
        #expect(folder.names() == names)
        #expect(FileVersion.read(bytesOfPath: Array("\(folder.path)/part-00000.parquet".utf8)) == part)
    }

    @Test func aRunThatStopsLeavesAnIncompleteStoreThatKnowsWhatItHolds() async throws {
        let writer = try scenario.writer()
        try await writer.append(StoreScenario.block(Array(StoreScenario.before[0..<3])))
        try await writer.finish(.stopped)
        #expect(try !ParquetStore(path: folder.path).isComplete)
        #expect(try await scenario.writer().storedImages().count == 3)
    }

    @Test func everyAppendIsCommittedWhenTheIntervalIsOver() async throws {
        var scenario = scenario
        scenario.commitInterval = .zero
        let writer = try scenario.writer()
        try await writer.append(StoreScenario.block([StoreScenario.before[0]]))
        #expect(try scenario.contents()?.count == 1)
        try await writer.append(StoreScenario.block([StoreScenario.before[1]]))
        #expect(try scenario.contents()?.count == 2)
    }

    /// Later images may be unchanged, or their list may come slowly; beside other tests, this waits for its turn.
    @Test(.timeLimit(.minutes(15))) func aCommitIsNotPutOffUntilAnotherImageArrives() async throws {
        var scenario = scenario
        scenario.commitInterval = .milliseconds(20)
        let writer = try scenario.writer()
        for number in 0..<2 {
            try await writer.append(StoreScenario.block([StoreScenario.before[number]]))
            while (try? scenario.contents())?.count != number + 1 { try await Task.sleep(for: .milliseconds(5)) }
        }
        try await writer.finish(.complete)
        #expect(try ParquetStore(path: folder.path).isComplete)
    }

    @Test(.timeLimit(.minutes(15))) func aCommitThatFailsMeanwhileEndsTheNextOperation() async throws {
        var scenario = scenario
        scenario.commitInterval = .milliseconds(300)
        let failure = Failure(.crash, afterChanges: 2)
        let writer = try scenario.writer(failure.files)
        try await writer.append(StoreScenario.block([StoreScenario.before[0]]))
        while !failure.hasHappened { try await Task.sleep(for: .milliseconds(5)) }
        await #expect(throws: Failure.Injected.self) { try await writer.finish(.complete) }
    }

    @Test func theLastOfTwoVectorsOfAnImageIsKept() async throws {
        let writer = try scenario.writer()
        let second = StoreScenario.Image(id: "image-0", version: "2")
        try await writer.append(StoreScenario.block([StoreScenario.before[0]]))
        try await writer.append(StoreScenario.block([second]))
        try await writer.finish(.complete)
        #expect(try scenario.contents() == StoreScenario.contents([second]))
    }

    @Test func anImageThatWasFailedBeforeIsNoLongerListedOnceItIsEmbedded() async throws {
        let damaged = StoreScenario.Image(id: "image-0", version: "1", isDamaged: true)
        try await scenario.run([damaged])
        #expect(try StoreInfo(path: folder.path).failureCount == 1)
        try await scenario.run([StoreScenario.before[0]])
        #expect(try StoreInfo(path: folder.path).failureCount == 0)
    }

    @Test func aStoreMayLoseAllItsImages() async throws {
        try await scenario.run(StoreScenario.before)
        try await scenario.run([])
        #expect(try scenario.contents() == [:])
        try await scenario.run(StoreScenario.before)
        #expect(try scenario.contents()?.count == 12)
    }

    @Test(arguments: ["model", "preprocessing", "element type", "source columns"])
    func vectorsMadeInAnotherWayAreNotMixed(difference: String) async throws {
        try await scenario.run(StoreScenario.before)
        let names = folder.names()
        var options = ParquetStoreWriter.Options()
        if difference == "element type" { options.elementType = .float16 }
        let model = difference == "model" ? ModelDescription.stub(size: 9, dimension: 4) : StoreScenario.model
        let error = #expect(throws: CLIPError.self) {
            try ParquetStoreWriter(
                path: folder.path,
                provenance: Provenance(model, decoder: difference == "preprocessing" ? MirroringDecoder() : nil),
                columns: difference == "source columns" ? [SourceColumn("label", .text)] : [],
                options: options
            )
        }
        #expect(error?.code == .modelMismatch)
        #expect(error?.message.contains("\(difference): store ") == true)
        #expect(error?.message.contains("choose another folder") == true)
        #expect(folder.names() == names)
    }

    @Test(arguments: ["id", "embedding", "source_version", "source_sha256", "source_damage"])
    func aColumnMayNotHaveANameOfTheStore(name: String) throws {
        let error = #expect(throws: CLIPError.self) {
            try ParquetStoreWriter(
                path: folder.path,
                provenance: Provenance(StoreScenario.model),
                columns: [SourceColumn(name, .text)]
            )
        }
        #expect(error?.code == .storage)
        #expect(error?.message.contains("'\(name)'") == true)
    }
}

private struct MirroringDecoder: ImageDecoder {
    let postprocessing: String? = "mirrored"

    func decode(_ data: [UInt8]) throws -> PixelImage { PixelImage() }
}
