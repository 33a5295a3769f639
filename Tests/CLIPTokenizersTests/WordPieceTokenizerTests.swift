import CLIPCore
import CLIPTokenizers
import Testing

@Suite struct WordPieceTokenizerTests {
    static let vocabulary = "[PAD]\n[UNK]\n[CLS]\n[SEP]\ndog\n##s\n##\u{E9}\nd\n.\n\u{732B}\nDog\n"

    static func tokenizer(_ options: WordPieceTokenizer.Options) throws -> WordPieceTokenizer {
        try WordPieceTokenizer(vocabulary: vocabulary, options: options)
    }

    @Test func theLongestPiecesMakeUpAWord() throws {
        let tokenizer = try Self.tokenizer(.init(contextLength: 16))
        let ids = tokenizer.tokenize("Dogs. ds\u{732B}dog")
        #expect(ids == [2, 4, 5, 8, 7, 5, 9, 4, 3])
        #expect(tokenizer.pieces(for: ids) == ["[CLS]", "dog", "##s", ".", "d", "##s", "\u{732B}", "dog", "[SEP]"])
    }

    @Test func aWordThatCannotBePutTogetherIsUnknownAsAWhole() throws {
        #expect(try Self.tokenizer(.init(contextLength: 8)).tokenize("dogx dog") == [2, 1, 4, 3])
    }

    @Test func aWordThatIsTooLongIsUnknown() throws {
        let options = WordPieceTokenizer.Options(contextLength: 8, longestWord: 4)
        #expect(try Self.tokenizer(options).tokenize("dogs dogss") == [2, 4, 5, 1, 3])
    }

    @Test func caseAndAccentsAreKeptOnRequest() throws {
        #expect(try Self.tokenizer(.init(contextLength: 8)).tokenize("Dog d\u{E9}") == [2, 4, 1, 3])
        let keepsAccents = WordPieceTokenizer.Options(contextLength: 8, stripsAccents: false)
        #expect(try Self.tokenizer(keepsAccents).tokenize("Dog d\u{E9}") == [2, 4, 7, 6, 3])
        let cased = WordPieceTokenizer.Options(contextLength: 8, lowercase: false)
        #expect(try Self.tokenizer(cased).tokenize("Dog d\u{E9}") == [2, 10, 7, 6, 3])
    }

    @Test func aLongTextIsCutBeforeTheSeparator() throws {
        #expect(try Self.tokenizer(.init(contextLength: 4)).tokenize("dogs dogs") == [2, 4, 5, 3])
    }

    @Test func specialTokensInTheTextAreThemselves() throws {
        let ids = try Self.tokenizer(.init(contextLength: 8)).tokenize("dog[SEP]dog [sep]")
        #expect(ids == [2, 4, 3, 4, 1, 1, 1, 3])
    }

    @Test func batchesAreFilledUpToTheLongestTextOrToTheContext() throws {
        let longest = try Self.tokenizer(.init(contextLength: 6)).batch(["dog", "dogs"])
        #expect(longest.length == 4)
        #expect(longest.ids == [2, 4, 3, 0, 2, 4, 5, 3])
        let context = try Self.tokenizer(.init(contextLength: 6, padsToContextLength: true)).batch(["dog"])
        #expect(context.ids == [2, 4, 3, 0, 0, 0])
    }

    @Test func theSeparatorIsDroppedOnRequest() throws {
        #expect(try Self.tokenizer(.init(contextLength: 6, dropsSeparator: true)).tokenize("dog") == [2, 4, 0])
    }

    @Test(arguments: [("[PAD]\n[UNK]\n[CLS]\ndog\n", "'[SEP]'"), ("[PAD]\n[PAD]\n", "lines 1 and 2")])
    func aVocabularyThatCannotBeUsedIsRefused(_ vocabulary: String, _ problem: String) {
        let error = #expect(throws: CLIPError.self) {
            try WordPieceTokenizer(vocabulary: vocabulary, options: .init(contextLength: 8))
        }
        #expect(error?.code == .invalidModel)
        #expect(error?.message.contains(problem) == true, "\(error?.message ?? "")")
    }

    @Test func specialTokensMayHaveOtherNames() throws {
        let names = WordPieceTokenizer.SpecialTokens(
            start: "<s>",
            separator: "</s>",
            unknown: "<unk>",
            padding: "<pad>"
        )
        let tokenizer = try WordPieceTokenizer(
            vocabulary: "<s>\n<pad>\n</s>\n<unk>\ncat",
            options: .init(contextLength: 8, specialTokens: names)
        )
        #expect(tokenizer.tokenize("cat dog") == [0, 4, 3, 2])
        #expect(tokenizer.padding == TokenPadding(id: 1, length: .longest))
    }
}
