import CLIPArrow
import CLIPCore
import CLIPReport
import CLIPTesting
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A store lists the images that failed in its last run.
@Suite struct StoredFailuresTests {
    private let folder: TemporaryFolder
    private let provenance = Provenance(.stub())

    init() throws {
        folder = try TemporaryFolder()
    }

    private func store(_ failures: [FailedImage] = []) async throws -> ParquetStore {
        let writer = try ParquetStoreWriter(path: folder.path, provenance: provenance)
        for image in failures { try await writer.recordFailure(image) }
        try await writer.finish(.complete)
        return try ParquetStore(path: folder.path)
    }

    @Test func failuresComeBackInOrderWithStageAndReason() async throws {
        let failures = [
            FailedImage(id: "b.jpg", stage: .decode, reason: "/photos/b.jpg: premature end after 700 bytes"),
            FailedImage(id: "new\nline", stage: .limit, reason: "too large"),
            FailedImage(id: "a.jpg", stage: .read, reason: "gone"),
        ]
        #expect(try await store(failures).failures() == failures)
        #expect(try await store().failures() == [])
    }

    @Test func aStoreWithoutVectorsSaysThatAllImagesFailedAndWhy() async throws {
        let store = try await store([
            FailedImage(id: "a.jpg", stage: .decode, reason: "a.jpg is damaged"),
            FailedImage(id: "b.jpg", stage: .read, reason: "gone"),
            FailedImage(id: "c.jpg", stage: .decode, reason: "c.jpg is damaged"),
        ])
        let list = folder.path + "/rejects.parquet"
        let why =
            "all 3 images of its last run failed. \(list) lists them with their reasons; the most common: … is damaged"
        #expect(try store.whyAllFailed() == why)
        try #require(unlink(folder.path + "/part-00000.parquet") == 0)
        let error = #expect(throws: CLIPError.self) { try ParquetStore(path: folder.path) }
        #expect(error?.code == .notFound)
        #expect(error?.message == "There are no embeddings in \(folder.path): \(why)")
    }

    @Test func aStoreWithoutVectorsAndFailuresIsEmpty() async throws {
        #expect(try await store().whyAllFailed() == nil)
    }

    @Test func aPartOrAStoreWithoutTheirFileHasNone() async throws {
        let store = try await store([FailedImage(id: "a", stage: .read, reason: "gone")])
        #expect(try ParquetStore(path: folder.path + "/part-00000.parquet").failures() == [])
        try #require(unlink(folder.path + "/rejects.parquet") == 0)
        #expect(try store.failures() == [])
    }

    @Test func aFailureAtAnUnknownStageIsNotLeftOut() async throws {
        let store = try await store()
        let table = ResultTable([
            ("id", .texts(["a", "b"])), ("stage", .texts(["read", "enhance"])),
            ("reason", .texts(["gone", "too dark"])),
        ])
        try ParquetResultTable.write(table, to: folder.path + "/rejects.parquet", provenance: provenance)
        let error = #expect(throws: CLIPError.self) { try store.failures() }
        #expect(error?.code == .corruptData)
        #expect(error?.message.contains("rejects.parquet: 'b' failed at a stage that this") == true)
    }
}
