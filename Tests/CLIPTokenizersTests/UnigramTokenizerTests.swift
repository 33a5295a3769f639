import CLIPCore
import CLIPTokenizers
import Testing

@Suite struct UnigramTokenizerTests {
    /// A `tokenizer.json`; what is left out is `null`.
    static func json(
        _ pieces: String,
        unknown: String = "0",
        bytes: Bool = false,
        added: String = "",
        normalizer: String = "null",
        preTokenizer: String = #"{"type":"Metaspace","replacement":"▁"}"#,
        postProcessor: String = "null",
        rest: String = ""
    ) -> String {
        """
        {"version":"1.0",\(rest)"added_tokens":[\(added)],"normalizer":\(normalizer),"pre_tokenizer":\(preTokenizer),
        "post_processor":\(postProcessor),
        "model":{"type":"Unigram","unk_id":\(unknown),"byte_fallback":\(bytes),"vocab":[["<unk>",0],["</s>",0],\(pieces)]}}
        """
    }

    static let pieces = #"["▁a",-1.5],["▁",-2.5],["a",-3],["b",-3],["ab",-4],["▁ab",-6.25]"#
    static let a = 2
    static let space = 3
    static let end = """
        {"type":"TemplateProcessing","single":[{"Sequence":{"id":"A","type_id":0}},
        {"SpecialToken":{"id":"</s>","type_id":0}}],"special_tokens":{"</s>":{"ids":[1]}}}
        """

    static func tokenizer(_ json: String, _ length: Int = 16, padding: String = "</s>") throws -> UnigramTokenizer {
        try UnigramTokenizer(json: json, options: .init(contextLength: length, paddingToken: padding))
    }

    static func pieces(_ text: String, _ json: String) throws -> [String] {
        let tokenizer = try tokenizer(json)
        return tokenizer.pieces(for: tokenizer.tokenize(text))
    }

    @Test func thePiecesWithTheHighestSumOfScoresAreTaken() throws {
        // "▁a" "b" has -4.5, "▁ab" -6.25, "▁" "ab" -6.5.
        #expect(try Self.pieces("ab", Self.json(Self.pieces)) == ["▁a", "b"])
        #expect(try Self.pieces("ab b", Self.json(Self.pieces)) == ["▁a", "b", "▁", "b"])
    }

    @Test func ofEqualSumsTheOneFoundFirstIsTaken() throws {
        let pieces = #"["▁",-1],["x",-2],["y",-3],["z",-2],["xy",-4],["yz",-4]"#
        // "x" "yz" and "xy" "z" both have -6; "yz" begins further left than "z".
        #expect(try Self.pieces("xyz", Self.json(pieces)) == ["▁", "x", "yz"])
    }

    @Test func scoresHaveTheLastBitThatTheReferenceReads() throws {
        // With the nearest numbers both ways would have the same sum, and "x" "yz" be taken.
        let pieces = """
            ["▁",-12.889307022094727],["x",-10.053314208984375],["z",-10.053314208984375],
            ["xy",-6.1189045906066895],["yz",-6.1189045906066895]
            """
        #expect(try Self.pieces("xyz", Self.json(pieces)) == ["▁", "xy", "z"])
    }

    @Test func unknownCharactersInARowAreOneUnknownPiece() throws {
        #expect(try Self.pieces("aXYb Z", Self.json(Self.pieces)) == ["▁a", "<unk>", "b", "▁", "<unk>"])
    }

    @Test func unknownCharactersAreSpelledInBytesWhereTheVocabularyHasThem() throws {
        let pieces = Self.pieces + #",["<0xC3>",-9],["<0xA9>",-9]"#
        #expect(try Self.pieces("a\u{E9}", Self.json(pieces, bytes: true)) == ["▁a", "<0xC3>", "<0xA9>"])
        #expect(try Self.pieces("a\u{E8}", Self.json(pieces, bytes: true)) == ["▁a", "<unk>"])
        #expect(try Self.pieces("a\u{E9}", Self.json(pieces)) == ["▁a", "<unk>"])
    }

    @Test func aLongTextIsCutBeforeTheEndToken() throws {
        let tokenizer = try Self.tokenizer(Self.json(Self.pieces, postProcessor: Self.end), 3)
        #expect(tokenizer.tokenize("a a a a") == [Self.a, Self.a, 1])
        #expect(tokenizer.tokenize("a") == [Self.a, 1])
        #expect(tokenizer.tokenize("") == [1])
    }

    @Test func batchesAreFilledUpWithThePaddingToken() throws {
        let json = Self.json(Self.pieces, postProcessor: Self.end)
        let longest = try Self.tokenizer(json).batch(["a", "a a"])
        #expect(longest.ids == [2, 1, 1, 2, 2, 1])
        let options = TokenizerFileOptions(contextLength: 4, padsToContextLength: true, paddingToken: "▁")
        #expect(try UnigramTokenizer(json: json, options: options).batch(["a"]).ids == [2, 1, 3, 3])
    }

    @Test func withoutAnOptionThePaddingIsTheFiles() throws {
        let rest = #""padding":{"direction":"Right","pad_token":"b"},"#
        let tokenizer = try UnigramTokenizer(json: Self.json(Self.pieces, rest: rest), options: .init(contextLength: 4))
        #expect(tokenizer.padding == TokenPadding(id: 5, length: .longest))
    }

    @Test func theSeparatorIsDroppedOnRequestAndInThePaddingToo() throws {
        let options = TokenizerFileOptions(
            contextLength: 4,
            padsToContextLength: true,
            paddingToken: "</s>",
            droppedSeparator: "</s>"
        )
        let tokenizer = try UnigramTokenizer(json: Self.json(Self.pieces, postProcessor: Self.end), options: options)
        #expect(try tokenizer.batch(["a"]).ids == [2, 0, 0, 0])
    }

    @Test func textsAreCleanedFirst() throws {
        let options = TokenizerFileOptions(contextLength: 8, cleaning: .canonicalize, paddingToken: "</s>")
        let tokenizer = try UnigramTokenizer(json: Self.json(Self.pieces), options: options)
        #expect(tokenizer.tokenize("  A_\u{FF21}!  ") == [Self.a, Self.a])
    }

    @Test(arguments: [
        ("always", ["▁a", "</s>", "▁a"]), ("first", ["▁a", "</s>", "a"]), ("never", ["a", "</s>", "a"]),
    ])
    func theMissingSpaceIsPutWhereTheSchemeSays(_ scheme: String, _ expected: [String]) throws {
        let json = Self.json(
            Self.pieces,
            added: Self.added("</s>", 1),
            preTokenizer: #"{"type":"Metaspace","replacement":"▁","prepend_scheme":"\#(scheme)"}"#
        )
        #expect(try Self.pieces("a</s>a", json) == expected)
    }

    static func added(_ content: String, _ id: Int, _ flag: String = "") -> String {
        let flags = ["single_word", "lstrip", "rstrip", "normalized"].map { #""\#($0)":\#($0 == flag)"# }
        return #"{"id":\#(id),"content":"\#(content)",\#(flags.joined(separator: ",")),"special":true}"#
    }

    @Test func addedTokensAreFoundAsTheirFlagsSay() throws {
        func ids(_ text: String, _ flag: String) throws -> [Int] {
            let json = Self.json(
                Self.pieces,
                added: Self.added("Bb", 8, flag),
                normalizer: #"{"type":"Lowercase"}"#,
                preTokenizer: "null"
            )
            return try Self.tokenizer(json).tokenize(text)
        }
        #expect(try ids("a Bb a", "") == [4, 0, 8, 0, 4])
        #expect(try ids("a Bb a", "lstrip") == [4, 8, 0, 4])
        #expect(try ids("a Bb a", "rstrip") == [4, 0, 8, 4])
        #expect(try ids("aBbBb", "") == [4, 8, 8])
        #expect(try ids("aBb Bb", "single_word") == [6, 5, 0, 8])
        #expect(try ids("a bB", "") == [4, 0, 5, 5])
        #expect(try ids("a bB", "normalized") == [4, 0, 8])
    }

    @Test(arguments: [
        (#"{"type":"NFKC"}"#, "\u{1D552}\u{FF42}"),
        (#"{"type":"Lowercase"}"#, "AB"),
        (#"{"type":"Nmt"}"#, "\u{1}a\u{7F}b"),
        (#"{"type":"Strip","strip_left":true,"strip_right":true}"#, " \u{3000}ab\n"),
        (#"{"type":"Replace","pattern":{"String":"-"},"content":""}"#, "-a-b-"),
        (#"{"type":"Replace","pattern":{"Regex":"-{2,}"},"content":"a"}"#, "---b"),
        (#"{"type":"Sequence","normalizers":[{"type":"Lowercase"},{"type":"Prepend","prepend":"a"}]}"#, "B"),
    ])
    func eachNormalizerDoesWhatItsNameSays(_ normalizer: String, _ text: String) throws {
        #expect(try Self.pieces(text, Self.json(Self.pieces, normalizer: normalizer)) == ["▁a", "b"])
    }
}
