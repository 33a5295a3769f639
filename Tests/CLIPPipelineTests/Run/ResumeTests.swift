import CLIPCore
import CLIPPipeline
import CLIPTesting
import Synchronization
import Testing

/// Runs into one store again and again.
@Suite struct ResumeTests {
    private let encoder = StubImageEncoder(size: 1)
    private let store = MemoryStore(model: StubImageEncoder(size: 1).model)
    private let read = ReadLog()

    /// The images that were read or hashed.
    private final class ReadLog: Sendable {
        private let ids = Mutex([String]())

        func add(_ id: String) {
            ids.withLock { $0.append(id) }
        }

        func take() -> [String] {
            ids.withLock { ids in
                defer { ids = [] }
                return ids.sorted()
            }
        }
    }

    private func embed(
        _ bytes: [UInt8],
        ids: [String]? = nil,
        version: String? = "1",
        control: RunControl = RunControl(),
        options change: (inout EmbeddingRun.Options) -> Void = { _ in },
        onRead: @escaping @Sendable (_ id: String) -> Void = { _ in }
    ) async throws -> RunSummary {
        var source = BytesSource(bytes)
        if let ids { source.ids = ids }
        source.version = version
        source.onRead = { [read] id in
            read.add(id)
            onRead(id)
        }
        var options = EmbeddingRun.Options()
        options.batchSize = 4
        change(&options)
        let run = EmbeddingRun(
            source: source,
            decoder: ByteDecoder(),
            encoder: encoder,
            writer: store,
            options: options
        )
        return try await run.run(control: control)
    }

    private func vectors() -> [String: [Float]] {
        let block = store.block
        return Dictionary(uniqueKeysWithValues: block.ids.enumerated().map { ($1, Array(block.embeddings[row: $0])) })
    }

    @Test func whatIsStoredIsNotReadAgain() async throws {
        _ = try await embed([1, 2, 3])
        #expect(read.take().count == 3)
        let result = try await embed([1, 2, 3, 4, 5])
        #expect(read.take() == ["image-3", "image-4"])
        #expect(result.embedded == 2 && result.unchanged == 3 && result.failed == 0)
        #expect(store.count == 5)
    }

    @Test func anImageOfAnotherVersionTakesThePlaceOfTheOlderOne() async throws {
        _ = try await embed([1, 2], version: "1")
        let result = try await embed([1, 9], version: "2")
        #expect(result.embedded == 2 && result.unchanged == 0)
        let expected = try encoder.vector(for: [9, 9, 9])
        #expect(vectors()["image-1"] == expected)
        #expect(store.count == 2)
    }

    @Test func anImageWhoseVersionIsUnknownCountsAsUnchanged() async throws {
        _ = try await embed([1, 2], version: nil)
        #expect(try await embed([1, 2], version: nil).unchanged == 2)
    }

    @Test func comparedByContentOnlyOtherBytesAreEmbeddedAgain() async throws {
        func byContent(_ options: inout EmbeddingRun.Options) {
            options.contentHash = { "\($0)" }
            options.comparesContent = true
        }
        _ = try await embed([1, 2, 3], version: "1", options: byContent)
        _ = read.take()
        let result = try await embed([1, 9, 3], version: "2", options: byContent)
        #expect(read.take().count == 3)
        #expect(result.embedded == 1 && result.unchanged == 2)
        let expected = try encoder.vector(for: [9, 9, 9])
        #expect(vectors()["image-1"] == expected)
    }

    @Test func anImageOfAnotherVersionWithTheSameBytesIsReadAndNotEmbedded() async throws {
        func withHash(_ options: inout EmbeddingRun.Options) { options.contentHash = { "\($0)" } }
        _ = try await embed([1, 2], version: "1", options: withHash)
        _ = read.take()
        let result = try await embed([1, 9], version: "2", options: withHash)
        #expect(read.take().count == 2)
        #expect(result.embedded == 1 && result.unchanged == 1)
        let expected = try encoder.vector(for: [9, 9, 9])
        #expect(vectors()["image-1"] == expected)
    }

    @Test func aResumedRunReadsAndHashesEachImageOnce() async throws {
        let hashed = ReadLog()
        func byContent(_ options: inout EmbeddingRun.Options) {
            options.contentHash = { file in
                hashed.add("\(file)")
                return "\(file)"
            }
            options.comparesContent = true
        }
        let bytes = [UInt8](0..<40)
        _ = try await embed(Array(bytes[..<20]), version: "1", options: byContent)
        _ = (read.take(), hashed.take())
        let result = try await embed(bytes, version: "2", options: byContent)
        #expect(result.unchanged == 20 && result.embedded == 20)
        #expect(read.take() == bytes.map { "image-\($0)" }.sorted())
        #expect(hashed.take() == bytes.map { "[\($0)]" }.sorted())
    }

    @Test func theVersionOfAnImageThatIsNotStoredIsNotAskedFor() {
        var stored = StoredImages()
        stored.insert(id: "a", version: "1", contentHash: nil)
        var asked = [String]()
        func version(_ id: String) -> String {
            asked.append(id)
            return "1"
        }
        // Not within the expectation, which evaluates all arguments.
        let areCurrent = [
            stored.isCurrent("a", version: version("a")), stored.isCurrent("b", version: version("b")),
        ]
        #expect(areCurrent == [true, false])
        #expect(asked == ["a"])
    }

    @Test func theVersionAndTheHashGoIntoTheStore() async throws {
        _ = try await embed([7], version: "v") { $0.contentHash = { "hash of \($0)" } }
        #expect(store.block.origins == [ImageOrigin(version: "v", contentHash: "hash of [7]")])
    }

    @Test func whatWasFailedIsTriedAgain() async throws {
        #expect(try await embed([1, 255]).failed == 1)
        let result = try await embed([1, 2])
        #expect(result.embedded == 1 && result.unchanged == 1)
        #expect(store.failures.isEmpty)
    }

    @Test func anImageThatWasReplacedByABadOneLeavesTheStore() async throws {
        _ = try await embed([1, 2], version: "1")
        #expect(try await embed([1, 255], version: "2").failed == 1)
        #expect(store.block.ids == ["image-0"])
    }

    @Test(arguments: [nil, "2"])
    func aSecondImageOfAnIDNeverTakesTheVectorOfTheFirst(version: String?) async throws {
        _ = try await embed([1, 2], ids: ["a", "a"], version: "1")
        let result = try await embed([1, 2], ids: ["a", "a"], version: version)
        #expect(result.failed == 1)
        let expected = try encoder.vector(for: [1, 1, 1])
        #expect(vectors() == ["a": expected])
    }

    @Test func prunedImagesAreThoseThatAreGone() async throws {
        _ = try await embed([1, 2, 3, 4])
        let result = try await embed([1, 2], ids: ["image-3", "image-1"]) { $0.prunes = true }
        #expect(result.pruned == 2 && result.unchanged == 2)
        #expect(store.block.ids == ["image-1", "image-3"])
    }

    @Test func nothingIsPrunedUnlessItIsAskedFor() async throws {
        _ = try await embed([1, 2, 3, 4])
        #expect(try await embed([1], ids: ["image-3"]).pruned == 0)
        #expect(store.count == 4)
    }

    @Test func aStoppedRunKeepsWhatIsDoneAndTheNextOneDoesTheRest() async throws {
        let bytes = [UInt8](0..<200)
        let control = RunControl()
        let stopped = try await embed(bytes, control: control, onRead: { if $0 == "image-150" { control.stop() } })
        #expect(stopped.ending == .stopped)
        #expect(store.ending == .stopped)
        #expect(store.count == stopped.embedded)
        #expect(0..<200 ~= stopped.embedded)
        let rest = try await embed(bytes)
        #expect(rest.ending == .complete)
        #expect(rest.unchanged == stopped.embedded && rest.embedded == 200 - stopped.embedded)
        #expect(Set(vectors().keys) == Set(bytes.indices.map { "image-\($0)" }))
    }

    @Test func aStoppedRunPrunesNothing() async throws {
        _ = try await embed([1, 2, 3, 4])
        let control = RunControl()
        control.stop()
        let result = try await embed([1], control: control) { $0.prunes = true }
        #expect(result.ending == .stopped && result.pruned == 0)
        #expect(store.count == 4)
    }

    @Test func aRunThatWaitsForAnImageStopsAtOnce() async throws {
        var source = BytesSource([1])
        let control = RunControl()
        source.onRead = { _ in
            control.stop()
            // Longer than any test may take: only the end of the task ends it.
            try? await Task.sleep(for: .seconds(3600))
        }
        let run = EmbeddingRun(source: source, decoder: ByteDecoder(), encoder: encoder, writer: store)
        #expect(try await run.run(control: control).ending == .stopped)
    }
}
