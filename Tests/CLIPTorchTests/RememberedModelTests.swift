import CLIPCore
import CLIPTesting
import CLIPTorch
import Testing

/// What a bundle remembers changes no result.
@Suite(.serialized) struct RememberedModelTests {
    @Test func aTextsVectorIsTheSameToTheLastBitWhateverIsEmbeddedWithIt() async throws {
        let bundle = try DefaultModelTests.bundle.get()
        let texts = ["a cat", "a photograph of a very large red building by the sea", "dog", ""]
        let reference = try await bundle.textEmbedder().embed(texts)
        let folder = try TemporaryFolder()
        let remembering = try ModelBundle(path: bundle.path, cacheFolder: folder.path)
        for some in [[3, 0], [1], [2, 1, 0], [3, 2, 1, 0]] {
            let vectors = try await remembering.textEmbedder().embed(some.map { texts[$0] })
            for (row, text) in some.enumerated() { #expect(vectors[row: row] == reference[row: text]) }
        }
    }

    /// What was loaded is what was checked.
    @Test func aFileThatIsWrittenWhileItIsLoadedIsNotUsed() throws {
        let original = try DefaultModelTests.bundle.get()
        let folder = try TemporaryFolder()
        for name in ["model.json", "vocab.txt"] {
            try folder.write(try FileBytes.read("\(original.path)/\(name)"), to: name)
        }
        let bundle = try ModelBundle(path: folder.path, cacheFolder: "\(folder.path)/cache")
        let error = #expect(throws: CLIPError.self) {
            try bundle.withFile("vocab.txt") { _ in try folder.write(Array("other".utf8), to: "vocab.txt") }
        }
        #expect(error?.code == .invalidModel)
        #expect(error?.message.contains("vocab.txt changed while it was being loaded") == true)
        let next = #expect(throws: CLIPError.self) { try bundle.tokenizer() }
        #expect(next?.message.contains("was modified: vocab.txt") == true)
    }
}
