import CLIPCache
import CLIPCore
import CLIPTesting
import Dispatch
import Synchronization
import Testing

/// A model is loaded when it is needed, and a text is encoded once.
@Suite struct LazyTextEmbedderTests {
    @Test func theModelIsLoadedForAnUnknownTextOnly() async throws {
        let store = Memory()
        let loads = Mutex(0)
        func embedder() -> LazyTextEmbedder {
            LazyTextEmbedder(model: .stub(dimension: 16), store: store) {
                loads.withLock { $0 += 1 }
                return (StubTokenizer(), StubTextEncoder())
            }
        }
        let first = try await embedder().embed(["a cat", "a dog"])
        #expect(try await embedder().embed(["a dog", "a cat"]).values == first[row: 1] + first[row: 0])
        #expect(loads.withLock(\.self) == 1)
        let third = embedder()
        _ = try await third.embed(["a cat", "a bird"])
        _ = try await third.embed(["a fish"])
        #expect(loads.withLock(\.self) == 2)
    }

    @Test func aModelThatCannotBeUsedIsAnErrorWhenItIsNeeded() async throws {
        let store = Memory()
        store.remember(EmbeddingMatrix(dimension: 2, values: [1, 0]), of: ["a cat"])
        let embedder = LazyTextEmbedder(model: .stub(dimension: 2), store: store) {
            throw CLIPError(.invalidModel, "The weights are gone.")
        }
        #expect(try await embedder.embed(["a cat", "a cat"]).values == [1, 0, 1, 0])
        let error = await #expect(throws: CLIPError.self) { try await embedder.embed(["a cat", "a dog"]) }
        #expect(error?.code == .invalidModel)
    }

    /// The encoder's vectors depend on the whole batch, as those of models of 8-bit integers do.
    @Test func vectorsDoNotDependOnWhatIsKnown() async throws {
        let texts = ["a cat", "a very long description of a dog", "a cat", "café", "cafe\u{301}", ""]
        let plain = LazyTextEmbedder(model: .stub(dimension: 2)) { (StubTokenizer(), BatchDependentEncoder()) }
        let reference = try await plain.embed(texts)
        let store = Memory()
        for known in [["a bird", "a cat"], ["", "a bird"], texts] {
            let embedder = LazyTextEmbedder(model: .stub(dimension: 2), store: store) {
                (StubTokenizer(), BatchDependentEncoder())
            }
            _ = try await embedder.embed(known)
            #expect(try await embedder.embed(texts) == reference)
        }
    }

    /// A vocabulary of any size is looked up in the same parts in which it was stored.
    @Test func aLongListIsEncodedOnce() async throws {
        let folder = try TemporaryFolder()
        let texts = (0..<5000).map { "word \($0)" }
        let encoded = Mutex(0)
        func embedder() -> LazyTextEmbedder {
            let store = TextVectorCache(folder: "\(folder.path)/texts", encoder: "model", dimension: 2)
            return LazyTextEmbedder(model: .stub(dimension: 2), store: store) {
                (StubTokenizer(), BatchDependentEncoder { encoded.withLock { $0 += 1 } })
            }
        }
        let first = try await embedder().embed(texts)
        let calls = encoded.withLock(\.self)
        #expect(calls > 0)
        #expect(try await embedder().embed(texts) == first)
        #expect(encoded.withLock(\.self) == calls)
    }

    /// The texts of a batch have similar lengths, and each vector is that of its own text.
    @Test func aLongListKeepsItsOrder() async throws {
        let texts = (0..<1500).map { String(repeating: "a", count: 1 + $0 * 7 % 31) + " \($0)" }
        let embedder = LazyTextEmbedder(model: .stub(dimension: 16)) { (StubTokenizer(), StubTextEncoder()) }
        let all = try await embedder.embed(texts)
        for index in [0, 1, 700, 1499] {
            #expect(try await embedder.embed([texts[index]]).values == all[row: index])
        }
    }

    /// Loading takes seconds, in which the main actor of an application would not answer.
    ///
    /// The main queue is recognised by a mark, not by its thread, because any thread may serve it on Linux.
    @Test @MainActor func theModelIsNotLoadedOnTheMainActor() async throws {
        let mark = DispatchSpecificKey<Bool>()
        DispatchQueue.main.setSpecific(key: mark, value: true)
        let isMain = Mutex<Bool?>(nil)
        let embedder = LazyTextEmbedder(model: .stub(dimension: 2)) {
            isMain.withLock { $0 = DispatchQueue.getSpecific(key: mark) ?? false }
            return (StubTokenizer(), BatchDependentEncoder())
        }
        #expect(DispatchQueue.getSpecific(key: mark) == true)
        _ = try await embedder.embed(["a"])
        #expect(isMain.withLock(\.self) == false)
    }

    @Test func theModelIsLoadedOnceForAllThatNeedIt() async throws {
        let loads = Mutex(0)
        let embedder = LazyTextEmbedder(model: .stub(dimension: 2)) {
            loads.withLock { $0 += 1 }
            return (StubTokenizer(), BatchDependentEncoder())
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<16 { group.addTask { _ = try await embedder.embed(["\(number)"]) } }
            try await group.waitForAll()
        }
        #expect(loads.withLock(\.self) == 1)
    }

    @Test func loadingThatFailedIsTriedAgain() async throws {
        let isThere = Mutex(false)
        let embedder = LazyTextEmbedder(model: .stub(dimension: 2)) {
            guard isThere.withLock(\.self) else { throw CLIPError(.invalidModel, "The weights are gone.") }
            return (StubTokenizer(), BatchDependentEncoder())
        }
        await #expect(throws: CLIPError.self) { try await embedder.embed(["a"]) }
        isThere.withLock { $0 = true }
        #expect(try await embedder.embed(["a"]).count == 1)
    }

    @Test func aCancelledTaskEncodesNoFurtherText() async throws {
        let count = Mutex(0)
        let embedder = LazyTextEmbedder(model: .stub(dimension: 2)) {
            let encoder = BatchDependentEncoder {
                count.withLock { $0 += 1 }
                withUnsafeCurrentTask { $0?.cancel() }
            }
            return (StubTokenizer(), encoder)
        }
        let task = Task { try await embedder.embed(["a", "b", "c"]) }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(count.withLock(\.self) == 1)
    }

    @Test func aStoreThatForgetsResultsIsAMistake() async {
        await #expect(processExitsWith: .failure) {
            struct Short: TextVectorStore {
                func vectors(of texts: [String]) -> [[Float]?] { [] }
                func remember(_ vectors: EmbeddingMatrix, of texts: [String]) {}
            }
            let embedder = LazyTextEmbedder(model: .stub(dimension: 2), store: Short()) {
                (StubTokenizer(), BatchDependentEncoder())
            }
            _ = try await embedder.embed(["a"])
        }
    }

    @Test func aTextIsEncodedOnceAndNoTextNeedsNoModel() async throws {
        let count = Mutex(0)
        let embedder = LazyTextEmbedder(model: .stub(dimension: 2)) {
            (StubTokenizer(), BatchDependentEncoder { count.withLock { $0 += 1 } })
        }
        #expect(try await embedder.embed(["a", "a", "b"]).count == 3)
        #expect(count.withLock(\.self) == 2)
        let unusable = LazyTextEmbedder(model: .stub(dimension: 2)) { throw CLIPError(.invalidModel, "not needed") }
        #expect(try await unusable.embed([]).count == 0)
    }
}

/// Vectors in memory.
private final class Memory: TextVectorStore {
    private let known = Mutex([[UInt8]: [Float]]())

    func vectors(of texts: [String]) -> [[Float]?] {
        known.withLock { known in texts.map { known[Array($0.utf8)] } }
    }

    func remember(_ vectors: EmbeddingMatrix, of texts: [String]) {
        known.withLock { known in
            for (row, text) in texts.enumerated() { known[Array(text.utf8)] = vectors[row: row] }
        }
    }
}

/// Gives each text of a batch a vector that all of them have a part in.
private struct BatchDependentEncoder: TextEncoder {
    let model = ModelDescription.stub(dimension: 2)
    var onCall: @Sendable () -> Void = {}

    func encode(_ tokens: TokenBatch) throws -> EmbeddingMatrix {
        onCall()
        let sum = Float(tokens.ids.reduce(0, +))
        var result = EmbeddingMatrix(dimension: 2)
        for text in 0..<tokens.count {
            result.append([Float(tokens.ids[text * tokens.length]) + 1, sum])
        }
        try result.normalizeRows()
        return result
    }
}
