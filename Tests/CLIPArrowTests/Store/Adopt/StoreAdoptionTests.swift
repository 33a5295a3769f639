import CLIPArrow
import CLIPCore
import CLIPTesting
import Testing

/// Making a store from the files of a cluster's tasks.
@Suite struct StoreAdoptionTests {
    private var job: StagedJob

    init() async throws {
        job = try await StagedJob()
    }

    @Test func theStagedFilesBecomeTheStoreUnchanged() throws {
        try job.write()
        let adoption = try job.adopt(options: .init(expectedCount: 14))
        #expect(adoption.rowCount == 12 && adoption.partCount == 3 && adoption.failureCount == 2)
        #expect(adoption.otherFileCount == 0)
        #expect(try job.contents() == StoreScenario.contents(StagedJob.images))
        let names = (0..<3).map { "part-0000\($0).parquet" }
        #expect(job.folder.names() == names + ["rejects.parquet"])
        for (name, file) in zip(names, job.parts) {
            #expect(try FileBytes.read("\(job.folder.path)/\(name)") == file.bytes)
        }
        let store = try ParquetStore(path: job.folder.path)
        #expect(store.isComplete)
        #expect(try store.failures().map(\.id) == ["failed-0", "failed-1"])
    }

    @Test func anAdoptedStoreCanBeUpdated() async throws {
        try job.write()
        try job.adopt()
        try await StoreScenario(folder: job.folder.path).run(StoreScenario.after)
        #expect(try job.contents() == StoreScenario.contents(StoreScenario.after))
    }

    @Test func filesOfOtherAttemptsAreLeft() throws {
        try job.folder.write(job.parts[0].bytes, to: "_staging/other.parquet")
        try job.write()
        #expect(try job.adopt().otherFileCount == 1)
        #expect(job.folder.names(in: "_staging") == ["other.parquet"])
        #expect(try job.contents() == StoreScenario.contents(StagedJob.images))
    }

    @Test func filesOfOtherAttemptsAreRemovedOnRequest() throws {
        try job.folder.write(job.parts[0].bytes, to: "_staging/other.parquet")
        try job.folder.write([1], to: "_staging/.unfinished.tmp")
        try job.write()
        let adoption = try job.adopt(options: .init(removesOthers: true))
        #expect(adoption.otherFileCount == 2 && adoption.removedOthers)
        #expect(!job.folder.names().contains("_staging"))
    }

    @Test(arguments: [1, 5, 100])
    func anIDInTwoFilesIsRefusedHoweverFewAreComparedAtATime(idsPerPass: Int) throws {
        var job = job
        job.parts.append(StagedJob.File(name: "again.parquet", bytes: job.parts[2].bytes, rows: 4))
        try job.write()
        var options = StoreAdoption.Options()
        options.idsPerPass = idsPerPass
        let error = #expect(throws: CLIPError.self) { try job.adopt(options: options) }
        #expect(error?.code == .invalidEmbeddings)
        let message = error?.message ?? ""
        #expect(message.contains("attempt-2.parquet and ") && message.contains("again.parquet"))
        #expect(job.folder.names() == ["_staging"])
    }

    @Test func anImageThatIsBothEmbeddedAndFailedIsRefused() async throws {
        var job = job
        let tasks = try TemporaryFolder()
        let writer = try StoreScenario(folder: tasks.path).writer()
        try await writer.recordFailure(FailedImage(id: "image-0", stage: .decode, reason: "damaged"))
        try await writer.finish(.complete)
        let bytes = try FileBytes.read("\(tasks.path)/rejects.parquet")
        job.rejects.append(StagedJob.File(name: "attempt-2-rejects.parquet", bytes: bytes, rows: 1))
        try job.write()
        let error = #expect(throws: CLIPError.self) { try job.adopt(options: .init(expectedCount: 15)) }
        #expect(error?.code == .invalidEmbeddings)
        let message = error?.message ?? ""
        #expect(message.contains("The id 'image-0' occurs in "))
        #expect(message.contains("attempt-0.parquet and the list of failed images"))
        #expect(job.folder.names() == ["_staging"])
    }

    @Test func anImageThatFailedTwiceIsAdopted() throws {
        var job = job
        job.rejects.append(job.rejects[0])
        job.rejects[1].name = "attempt-2-rejects.parquet"
        try job.write()
        #expect(try job.adopt().rowCount == 12)
    }

    @Test(arguments: [1, 5, 100])
    func distinctIDsAreAcceptedHoweverFewAreComparedAtATime(idsPerPass: Int) throws {
        try job.write()
        var options = StoreAdoption.Options()
        options.idsPerPass = idsPerPass
        #expect(try job.adopt(options: options).rowCount == 12)
    }

    @Test func theVectorsOfAnotherModelAreRefused() throws {
        try job.write()
        let error = #expect(throws: CLIPError.self) {
            try job.adopt(model: .stub(size: 9, dimension: 4))
        }
        #expect(error?.code == .modelMismatch)
        #expect(error?.message.contains("attempt-0.parquet was made with the model") == true)
        #expect(job.folder.names() == ["_staging"])
    }

    @Test func anotherNumberOfImagesThanExpectedIsRefused() throws {
        try job.write()
        let error = #expect(throws: CLIPError.self) { try job.adopt(options: .init(expectedCount: 15)) }
        #expect(error?.code == .invalidEmbeddings && error?.message.contains("14 images") == true)
        #expect(job.folder.names() == ["_staging"])
    }

    @Test func aJobWhoseImagesAllFailedIsRefusedWithAReason() throws {
        var job = job
        job.parts = []
        try job.write()
        let error = #expect(throws: CLIPError.self) { try job.adopt() }
        #expect(error?.message.contains("2 images failed, 'failed-0' because damaged") == true)
    }

    @Test func adoptingTwiceSaysThatThereIsNothingMoreToAdopt() throws {
        try job.write()
        try job.adopt()
        let error = #expect(throws: CLIPError.self) { try job.adopt() }
        #expect(error?.code == .notFound && error?.message.contains("is a store already") == true)
        #expect(try job.contents() == StoreScenario.contents(StagedJob.images))
    }

    @Test func anExistingStoreIsNotAddedTo() async throws {
        try await StoreScenario(folder: job.folder.path).run(StoreScenario.before)
        let before = try job.contents()
        try job.write()
        let error = #expect(throws: CLIPError.self) { try job.adopt() }
        #expect(error?.code == .storage && error?.message.contains("already has part-00000.parquet") == true)
        #expect(try job.contents() == before)
    }
}
