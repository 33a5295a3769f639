import CLIPCore
import CLIPPipeline
import CLIPTesting
import TestSupport
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What is stored stays unless it is known to be wrong.
@Suite struct KeptVectorTests {
    private let encoder = StubImageEncoder(size: 1)
    private let store = MemoryStore(model: StubImageEncoder(size: 1).model)

    /// Images that may all fail to be read, or be hidden by a folder that cannot be looked into.
    private struct Failing: ImageSource {
        var ids = ["a", "b"]
        var error: CLIPError?
        var bytes: [UInt8] = [7]
        /// An image that can be read all the same.
        var sound: String?
        var unknownPart: String?

        func makeIterator() -> any ImageIterator { Iterator(source: self) }

        private struct Iterator: ImageIterator {
            let source: Failing
            var position = 0
            var gavePart = false

            mutating func next() -> ImageReference? {
                if let part = source.unknownPart, !gavePart {
                    gavePart = true
                    return ImageReference(unknownPart: part, error: CLIPError(.unreadable, "permission denied"))
                }
                guard position < source.ids.count else { return nil }
                defer { position += 1 }
                let id = source.ids[position]
                return ImageReference(id: id, version: source.error == nil ? "1" : "2") { [source] in
                    if let error = source.error, id != source.sound { throw error }
                    return source.bytes
                }
            }
        }
    }

    /// Images that change when they have been found.
    private struct ChangingSource: ImageSource {
        let all: FolderSource
        let change: @Sendable () throws -> Void

        func makeIterator() throws -> any ImageIterator {
            Iterator(all: try all.makeIterator(), change: change)
        }

        private struct Iterator: ImageIterator {
            var all: any ImageIterator
            let change: @Sendable () throws -> Void

            mutating func next() async throws -> ImageReference? {
                let image = try await all.next()
                if image != nil { try change() }
                return image
            }
        }
    }

    private func embed(_ source: some ImageSource, prunes: Bool = false) async throws -> RunSummary {
        var options = EmbeddingRun.Options()
        options.prunes = prunes
        let run = EmbeddingRun(
            source: source,
            decoder: ByteDecoder(),
            encoder: encoder,
            writer: store,
            options: options
        )
        return try await run.run()
    }

    @Test func anImageThatCannotBeReadJustNowKeepsItsVector() async throws {
        _ = try await embed(Failing())
        let result = try await embed(Failing(error: CLIPError(.unreadable, "connection refused")))
        #expect(result.failed == 2)
        #expect(store.count == 2)
        #expect(try await embed(Failing()).unchanged == 2)
    }

    @Test func aMissingLibraryEndsTheRunAndIsNoFaultOfTheImages() async throws {
        _ = try await embed(Failing())
        let error = await #expect(throws: CLIPError.self) {
            try await self.embed(Failing(error: CLIPError(.missingLibrary, "libcurl cannot be loaded")))
        }
        #expect(error?.code == .missingLibrary)
        #expect(error?.description.contains("libcurl cannot be loaded") == true)
        #expect(store.failures.isEmpty)
        #expect(store.count == 2)
    }

    @Test(arguments: [false, true])
    func anImageThatIsGoneLosesItsVectorOnlyWhereTheRunPrunes(prunes: Bool) async throws {
        _ = try await embed(Failing())
        let gone = Failing(ids: ["a", "b", "c"], error: CLIPError(.notFound, "no such file"), sound: "c")
        let result = try await embed(gone, prunes: prunes)
        #expect(result.failed == 2 && result.embedded == 1)
        #expect(result.pruned == (prunes ? 2 : 0))
        #expect(store.count == (prunes ? 1 : 3))
    }

    /// As in another working folder, or without the disk with the images.
    @Test(arguments: [["a", "b"], ["other"]])
    func aRunThatFindsNoImagePrunesNothing(ids: [String]) async throws {
        _ = try await embed(Failing())
        let gone = Failing(ids: ids, error: CLIPError(.notFound, "no such file"))
        let error = await #expect(throws: CLIPError.self) { try await self.embed(gone, prunes: true) }
        #expect(error?.code == .notFound)
        #expect(error?.description.contains("Nothing was pruned") == true)
        #expect(store.count == 2 && store.failures.map(\.id) == ids && store.ending == .stopped)
        #expect(try await embed(Failing(), prunes: true).unchanged == 2)
    }

    /// It was there, so those that are not are gone.
    @Test func aDamagedImageIsFound() async throws {
        _ = try await embed(Failing())
        let gone = Failing(error: CLIPError(.notFound, "no such file"), bytes: [255], sound: "b")
        let result = try await embed(gone, prunes: true)
        #expect(result.failed == 2 && result.pruned == 1)
    }

    @Test func aFirstRunOfWhichAllImagesAreGoneIsComplete() async throws {
        let result = try await embed(Failing(error: CLIPError(.notFound, "no such file")), prunes: true)
        #expect(result.isComplete && result.failed == 2 && result.pruned == 0)
    }

    @Test func prunedImagesAreAllThatAreGoneAndWereStored() async throws {
        _ = try await embed(Failing(ids: ["a", "b", "c"]))
        let gone = Failing(ids: ["a", "new", "d"], error: CLIPError(.notFound, "no such file"), sound: "d")
        let result = try await embed(gone, prunes: true)
        #expect(result.failed == 2)
        #expect(result.pruned == 3)
        #expect(store.block.ids == ["d"])
    }

    @Test(arguments: ["disk", "disk.jpg"])
    func nothingIsPrunedBehindALinkWhoseTargetIsNotMounted(link: String) async throws {
        let folder = try TemporaryFolder()
        try folder.write([7], to: "photos/a.jpg")
        try folder.write([7], to: "disk/b.jpg")
        let target = link == "disk" ? "../disk" : "../disk/b.jpg"
        #expect(symlink(target, "\(folder.path)/photos/\(link)") == 0)
        let source = FolderSource(path: folder.path + "/photos")
        #expect(try await embed(source).embedded == 2)
        #expect(rename(folder.path + "/disk", folder.path + "/unmounted") == 0)
        let result = try await embed(source, prunes: true)
        #expect(result.skippedPruning && result.pruned == 0 && result.failed == 1)
        #expect(store.count == 2)
    }

    @Test func theVersionInTheStoreIsThatOfTheBytesThatWereRead() async throws {
        let folder = try TemporaryFolder()
        try folder.write([7], to: "a.jpg")
        let changing = ChangingSource(all: FolderSource(path: folder.path)) {
            try folder.write([8], to: "a.jpg")
            try folder.setTime(of: "a.jpg", 8)
        }
        #expect(try await embed(changing).embedded == 1)
        #expect(store.block.origins.map(\.version) == ["1@8.0"])
    }

    @Test func anImageThatGrewBeyondTheLimitLosesItsVectorAndItsSizeIsRecorded() async throws {
        _ = try await embed(Failing())
        _ = try await embed(Failing(error: CLIPError.tooLarge("a.jpg", byteCount: 11, limit: 10)))
        #expect(store.count == 0)
        #expect(store.failures.map(\.byteCount) == [11, 11])
        #expect(store.failures.map(\.stage) == [.limit, .limit])
    }

    @Test func nothingIsPrunedWhenAPartOfTheSourceCannotBeLookedInto() async throws {
        _ = try await embed(Failing())
        let result = try await embed(Failing(ids: ["a"], unknownPart: "folder"), prunes: true)
        #expect(result.skippedPruning && result.pruned == 0 && result.failed == 1)
        #expect(store.count == 2)
    }

    @Test func anEmptySourcePrunesNothing() async throws {
        _ = try await embed(Failing())
        let error = await #expect(throws: CLIPError.self) { try await self.embed(Failing(ids: []), prunes: true) }
        #expect(error?.code == .notFound)
        #expect(store.count == 2)
        #expect(store.ending == .stopped)
    }

    /// The last bits of a model's results depend on the size of the batch.
    @Test(arguments: [1, 2, 3, 7])
    func whereverARunIsInterruptedVectorsAreTheSameToTheLastBit(stored: Int) async throws {
        let encoder = BatchSizeEncoder()
        let bytes = [UInt8](1...7)
        func embed(_ bytes: [UInt8], into store: MemoryStore) async throws {
            var options = EmbeddingRun.Options()
            options.batchSize = 3
            let run = EmbeddingRun(
                source: BytesSource(bytes),
                decoder: ByteDecoder(),
                encoder: encoder,
                writer: store,
                options: options
            )
            _ = try await run.run()
        }
        let uninterrupted = MemoryStore(model: encoder.model)
        try await embed(bytes, into: uninterrupted)
        let resumed = MemoryStore(model: encoder.model)
        let block = uninterrupted.block.rows(0..<stored)
        try resumed.append(block)
        try await embed(bytes, into: resumed)
        #expect(resumed.block == uninterrupted.block)
    }
}
