import CLIPCore
import CLIPTokenizers
import Testing

@Suite struct SentencePieceBPETokenizerTests {
    static let vocabulary = #""<unk>":0,"a":1,"b":2,"c":3,"ab":4,"bc":5,"aa":6,"abc":7,"▁":8"#
    static let merges = #"["b","c"],["a","b"],["a","a"],["ab","c"]"#

    /// A `tokenizer.json`; `model` is put before the other fields of its model.
    static func json(
        _ vocabulary: String = vocabulary,
        merges: String = merges,
        model: String = #""unk_token":"<unk>","fuse_unk":true,"#,
        preTokenizer: String = "null"
    ) -> String {
        """
        {"version":"1.0","normalizer":{"type":"Replace","pattern":{"String":" "},"content":"▁"},
        "pre_tokenizer":\(preTokenizer),"model":{"type":"BPE",\(model)"vocab":{\(vocabulary)},"merges":[\(merges)]}}
        """
    }

    static let options = TokenizerFileOptions(contextLength: 16, paddingToken: "a")

    static func pieces(_ text: String, _ json: String) throws -> [String] {
        let tokenizer = try SentencePieceBPETokenizer(json: json, options: options)
        return tokenizer.pieces(for: tokenizer.tokenize(text))
    }

    static func message(_ json: String) -> String {
        let error = #expect(throws: CLIPError.self) { try SentencePieceBPETokenizer(json: json, options: options) }
        #expect(error?.code == .invalidModel)
        return error?.message ?? ""
    }

    @Test func theFirstMergesComeFirstAndOfEqualOnesTheLeftmost() throws {
        #expect(try Self.pieces("abc ab", Self.json()) == ["a", "bc", "▁", "ab"])
        #expect(try Self.pieces("aaa", Self.json()) == ["aa", "a"])
    }

    @Test func mergesMayBeStrings() throws {
        #expect(try Self.pieces("abc", Self.json(merges: #""a b","ab c""#)) == ["abc"])
    }

    @Test func unknownCharactersInARowAreOneUnknownPieceWhereTheFileSaysSo() throws {
        #expect(try Self.pieces("aXYb", Self.json()) == ["a", "<unk>", "b"])
        #expect(try Self.pieces("aXYb", Self.json(model: #""unk_token":"<unk>","#)) == ["a", "<unk>", "<unk>", "b"])
    }

    @Test func unknownCharactersAreSpelledInBytesWhereTheVocabularyHasThem() throws {
        let vocabulary = Self.vocabulary + #","<0xC3>":9,"<0xA9>":10"#
        let json = Self.json(vocabulary, model: #""unk_token":"<unk>","byte_fallback":true,"#)
        #expect(try Self.pieces("a\u{E9}", json) == ["a", "<0xC3>", "<0xA9>"])
        #expect(try Self.pieces("a\u{E8}", json) == ["a", "<unk>"])
    }

    @Test func piecesThatAreOnlyCanonicallyEquivalentAreTold() throws {
        let json = Self.json(#""<unk>":0,"a":1,"\u00e9":2,"e":3,"\u0301":4,"e\u0301":5"#, merges: #"["e","\u0301"]"#)
        let tokenizer = try SentencePieceBPETokenizer(json: json, options: Self.options)
        #expect(tokenizer.tokenize("\u{E9}e\u{301}") == [2, 5])
    }

    @Test func escapesInTheVocabularyAreRead() throws {
        let json = Self.json(#""<unk>":0,"a":1,"\n":2,"\"":3,"\ud83d\ude00":4,"\\":5,"_b_c":6"#, merges: "")
        let tokenizer = try SentencePieceBPETokenizer(json: json, options: Self.options)
        #expect(tokenizer.tokenize("\n\"\u{1F600}\\") == [2, 3, 4, 5])
    }

    @Test func whatThePreTokenizerSplitsIsNotMerged() throws {
        let split = #"{"type":"Split","pattern":{"String":"a"},"behavior":"MergedWithPrevious","invert":false}"#
        #expect(try Self.pieces("baab", Self.json(preTokenizer: split)) == ["b", "a", "a", "b"])
    }

    @Test(arguments: [
        (#""dropout":0.1,"#, "'model.dropout'"),
        (#""continuing_subword_prefix":"@@","#, "'model.continuing_subword_prefix'"),
        (#""end_of_word_suffix":"</w>","#, "'model.end_of_word_suffix'"),
        (#""ignore_merges":true,"#, "'model.ignore_merges'"), ("", "'model.unk_token'"),
        (#""unk_token":"[UNK]","#, "'model.unk_token'"),
    ])
    func anUnsupportedModelIsRefused(_ model: String, _ problem: String) {
        let message = Self.message(Self.json(model: model))
        #expect(message.contains(problem), "\(message)")
    }

    @Test(arguments: [
        (#""a":0,"b":2"#, "", "ids in 'model.vocab'"), (#""a":0,"b":0"#, "", "ids in 'model.vocab'"),
        (#""a":"x""#, "", "the id of 'a'"), (vocabulary, #"["a","x"]"#, "needs the piece 'x'"),
        (vocabulary, #"["c","c"]"#, "needs the piece 'cc'"), (vocabulary, #"["a"]"#, "'model.merges.[0]'"),
        (vocabulary, #""a b c""#, "'model.merges.[0]'"), (vocabulary, "1", "'model.merges.[0]'"),
    ])
    func aDamagedVocabularyIsRefused(_ vocabulary: String, _ merges: String, _ problem: String) {
        let message = Self.message(Self.json(vocabulary, merges: merges))
        #expect(message.contains(problem), "\(message)")
    }

    @Test(arguments: [
        (#"{"type":"ByteLevel"}"#, "pre-tokenizer 'ByteLevel'"),
        (#"{"type":"Split","pattern":{"Regex":" "},"behavior":"MergedWithPrevious"}"#, "'Split'"),
        (#"{"type":"Split","pattern":{"String":" "},"behavior":"Isolated"}"#, "'MergedWithPrevious'"),
    ])
    func anUnsupportedPreTokenizerIsRefused(_ preTokenizer: String, _ problem: String) {
        let message = Self.message(Self.json(preTokenizer: preTokenizer))
        #expect(message.contains(problem), "\(message)")
    }

    @Test func anotherModelIsRefused() {
        let message = Self.message(UnigramTokenizerTests.json(UnigramTokenizerTests.pieces))
        #expect(message.contains("model 'Unigram'"), "\(message)")
        #expect(Self.message(#"{"model":{"type":"BPE"}}"#).contains("no field 'vocab'"))
    }
}
