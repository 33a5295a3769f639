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

/// Staged files that are not what their tasks wrote, and adoptions that were interrupted.
@Suite struct StagedDamageTests {
    private var job: StagedJob

    init() async throws {
        job = try await StagedJob()
    }

    private func refusal(_ job: StagedJob) throws -> CLIPError {
        let error = try #require(throws: CLIPError.self) { try job.adopt() }
        #expect(job.folder.names() == ["_staging"])
        return error
    }

    @Test func aMissingFileIsNamed() throws {
        try job.write()
        try #require(unlink("\(job.folder.path)/_staging/attempt-1.parquet") == 0)
        let error = try refusal(job)
        #expect(error.code == .notFound && error.message.contains("_staging/attempt-1.parquet does not exist"))
    }

    @Test(arguments: ["attempt-2.parquet", "attempt-1-rejects.parquet"])
    func aDamagedFileIsNamed(name: String) throws {
        try job.write()
        var bytes = try #require((job.parts + job.rejects).first { $0.name == name }).bytes
        bytes[40] ^= 1
        try job.folder.write(bytes, to: "_staging/\(name)")
        let error = try refusal(job)
        #expect(error.code == .corruptData && error.message.contains("\(name) has the SHA-256"))
    }

    @Test func aFileWithAnotherNumberOfRowsThanReportedIsNamed() throws {
        var job = job
        job.parts[1].rows = 5
        try job.write()
        #expect(try refusal(job).message.contains("attempt-1.parquet has 4 rows, but its task reported 5"))
    }

    @Test func aVectorThatWasChangedIsNotAdopted() throws {
        var job = job
        let value = try StoreScenario.vector(StagedJob.images[5])[0]
        let old = withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
        let new = withUnsafeBytes(of: Float.nan.bitPattern.littleEndian) { Array($0) }
        job.parts[1].bytes = Array(
            job.parts[1].bytes.split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
        )
        try job.write()
        let error = try refusal(job)
        #expect(error.code == .corruptData && error.message.contains("attempt-1.parquet"))
        #expect(error.message.hasSuffix(". Run the job again."))
    }

    @Test(arguments: ["../attempt-0.parquet", ".attempt-0.parquet", "attempt-0.csv"])
    func aManifestCannotNameFilesElsewhere(name: String) throws {
        var job = job
        try job.write()
        job.parts[0].name = name
        try job.writeManifest()
        #expect(try refusal(job).message.contains("'\(name)' is not the name of a staged Parquet file"))
    }

    @Test func aManifestThatListsAFileTwiceIsRefused() throws {
        var job = job
        try job.write()
        job.parts.append(job.parts[0])
        try job.writeManifest()
        #expect(try refusal(job).message.contains("it lists 'attempt-0.parquet' twice"))
    }

    @Test func aManifestOfALaterFormatIsRefused() throws {
        try job.write()
        try job.writeManifest(format: 2)
        #expect(try refusal(job).message.contains("its format is 2, and this version knows 1"))
    }

    @Test func aManifestThatIsNoneIsRefused() throws {
        try job.write()
        try job.folder.write(Array("[]".utf8), to: "_staging/manifest.json")
        #expect(try refusal(job).message.contains("manifest.json is not a list of staged files"))
    }

    @Test func withoutAManifestThereIsNothingToAdopt() throws {
        let error = try #require(throws: CLIPError.self) { try job.adopt() }
        #expect(error.code == .notFound && error.message.contains("run the job again"))
    }

    @Test(arguments: Failure.Kind.allCases)
    func whereverAnAdoptionFailsNothingIsLostAndARerunCompletesIt(kind: Failure.Kind) async throws {
        var changes = 0
        while true {
            let job = try await StagedJob()
            try job.write()
            let failure = Failure(kind, afterChanges: changes)
            do {
                try job.adopt(files: failure.files)
                break
            } catch is Failure.Injected {
                changes += 1
            }
            // Once the manifest is gone, only files that are no longer needed are left to remove.
            if job.folder.names(in: "_staging").contains("manifest.json") {
                if job.folder.names().contains("part-00000.parquet") {
                    #expect(try StoreInfo(path: job.folder.path).isBeingAdopted)
                }
                try job.adopt()
            }
            #expect(try job.contents() == StoreScenario.contents(StagedJob.images))
            let store = try ParquetStore(path: job.folder.path)
            #expect(try store.isComplete && store.failures().count == 2)
        }
        #expect(changes > 10)
    }

    @Test func aFileWithBothNamesAfterAnInterruptionIsAdopted() throws {
        try job.write()
        let path = job.folder.path
        try #require(link("\(path)/_staging/attempt-0.parquet", "\(path)/part-00000.parquet") == 0)
        try job.adopt()
        #expect(try job.contents() == StoreScenario.contents(StagedJob.images))
        #expect(!job.folder.names().contains("_staging"))
    }
}
