import CLIPCore
import CLIPTokenizers
import Testing

/// Each tokenizer gives, without its limit, what it gives with a limit that is never reached, and shows how it splits a
/// text.
@Suite struct UntruncatedTests {
    private static let tokenizers: [(name: String, tokenizer: @Sendable () throws -> any InspectableTokenizer)] = [
        ("byte pair", { try ReferenceTokenizer.bytePair.get() }),
        ("WordPiece", { try ReferenceTokenizer.wordPiece.get() }),
        ("Unigram", { try UnigramParityTests.tokenizer("t5", padding: "</s>") }),
        ("SentencePiece BPE", { try SentencePieceBPEParityTests.tokenizer("gemma") }),
    ]

    @Test(arguments: tokenizers.map(\.name))
    func everyIDHasAPieceAndTheLimitOnlyCuts(_ name: String) throws {
        let named = try #require(Self.tokenizers.first { $0.name == name })
        try check(named.tokenizer())
    }

    private func check(_ tokenizer: some InspectableTokenizer) throws {
        let long = String(repeating: "a photo of a red car ", count: 50)
        for text in ["a cat", "", long] + RandomTextTests.texts(count: 50, seed: 6) {
            let (ids, whole) = (try tokenizer.tokenize(text), try tokenizer.untruncated.tokenize(text))
            #expect(tokenizer.pieces(for: ids).count == ids.count, "\(text.escapedScalars)")
            #expect(tokenizer.untruncated.pieces(for: whole).count == whole.count, "\(text.escapedScalars)")
            #expect(whole.count >= ids.count, "\(text.escapedScalars)")
        }
        #expect(try tokenizer.untruncated.tokenize(long).count > tokenizer.tokenize(long).count)
    }

    @Test func bytePair() throws {
        let text = "abc abc abc"
        let short = try BytePairTokenizerTests.tokenizer(contextLength: 3)
        #expect(short.tokenize(text).count == 3)
        #expect(
            try short.untruncated.tokenize(text) == BytePairTokenizerTests.tokenizer(contextLength: 50).tokenize(text)
        )
    }

    @Test func wordPiece() throws {
        let text = "dogs dogs dogs"
        let short = try WordPieceTokenizerTests.tokenizer(.init(contextLength: 4))
        let long = try WordPieceTokenizerTests.tokenizer(.init(contextLength: 50))
        #expect(short.tokenize(text).count == 4 && short.untruncated.tokenize(text) == long.tokenize(text))
    }

    @Test func unigram() throws {
        let json = UnigramTokenizerTests.json(UnigramTokenizerTests.pieces, postProcessor: UnigramTokenizerTests.end)
        let text = "a ab a ab"
        let short = try UnigramTokenizerTests.tokenizer(json, 3)
        #expect(short.tokenize(text).count == 3)
        #expect(try short.untruncated.tokenize(text) == UnigramTokenizerTests.tokenizer(json, 50).tokenize(text))
    }

    @Test func sentencePieceBPE() throws {
        func tokenizer(_ length: Int) throws -> SentencePieceBPETokenizer {
            let options = TokenizerFileOptions(contextLength: length, paddingToken: "a")
            return try SentencePieceBPETokenizer(json: SentencePieceBPETokenizerTests.json(), options: options)
        }
        let text = "abc abc abc"
        #expect(try tokenizer(2).tokenize(text).count == 2)
        #expect(try tokenizer(2).untruncated.tokenize(text) == tokenizer(50).tokenize(text))
    }
}
