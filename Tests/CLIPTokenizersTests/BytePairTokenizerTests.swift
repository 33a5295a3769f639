import CLIPCore
import CLIPTokenizers
import Testing

@Suite struct BytePairTokenizerTests {
    /// "ab" and "abc" inside a word, "c" at its end.
    static let merges = "#version\na b\nab c</w>\n"
    static let start = 514
    static let end = 515
    static let ab = 512
    static let abc = 513

    static func tokenizer(contextLength: Int = 8) throws -> BytePairTokenizer {
        try BytePairTokenizer(merges: merges, contextLength: contextLength, mergeCount: 2)
    }

    @Test func wordsAreMergedInTheOrderOfTheFile() throws {
        let ids = try Self.tokenizer().tokenize("abc abb")
        // The byte b is 65th of the visible ones, and 256 above that at the end of a word.
        #expect(ids == [Self.start, Self.abc, Self.ab, 65 + 256, Self.end])
        #expect(
            try Self.tokenizer().pieces(for: ids) == ["<start_of_text>", "abc</w>", "ab", "b</w>", "<end_of_text>"]
        )
    }

    @Test func withoutMergesEachByteIsAToken() throws {
        // Bytes in the order of the alphabet, which begins at "!"; the last of a word has another id; start and end.
        let tokenizer = try BytePairTokenizer(merges: "#version: 0.2", mergeCount: 0)
        #expect(tokenizer.tokenize("ab c") == [512, 64, 256 + 65, 256 + 66, 513])
    }

    @Test func aLongTextIsCutAndEndsInTheEndToken() throws {
        let tokenizer = try Self.tokenizer(contextLength: 4)
        #expect(tokenizer.tokenize("abc abc abc") == [Self.start, Self.abc, Self.abc, Self.end])
        #expect(tokenizer.tokenize("abc abc") == [Self.start, Self.abc, Self.abc, Self.end])
        #expect(try Self.tokenizer(contextLength: 2).tokenize("abc") == [Self.start, Self.end])
    }

    @Test func batchesAreFilledUpWithZerosToTheContextLength() throws {
        let batch = try Self.tokenizer(contextLength: 4).batch(["abc", ""])
        #expect(batch.count == 2 && batch.length == 4)
        #expect(batch.ids == [Self.start, Self.abc, Self.end, 0, Self.start, Self.end, 0, 0].map(Int64.init))
    }

    @Test func clipsVocabularyHas49408Tokens() throws {
        let tokenizer = try ReferenceTokenizer.bytePair.get()
        #expect(tokenizer.pieces(for: [0, 320, 49_405, 49_406, 49_407]).prefix(2) == ["!", "a</w>"])
        #expect(tokenizer.pieces(for: [49_406, 49_407]) == ["<start_of_text>", "<end_of_text>"])
    }

    @Test(arguments: [
        ("#version\na b\n", "contains 1 merges, but 2 are needed"),
        ("", "contains 0 merges"),
        ("#version\na b\nab\n", "Line 3"),
        ("#version\nab c\na b\n", "Line 2"),
        ("#version\na b\na b\n", "a second time"),
    ])
    func aFileThatIsNoListOfMergesIsRefused(_ merges: String, _ problem: String) {
        let error = #expect(throws: CLIPError.self) { try BytePairTokenizer(merges: merges, mergeCount: 2) }
        #expect(error?.code == .invalidModel)
        #expect(error?.message.contains(problem) == true, "\(error?.message ?? "")")
    }

    @Test func aMissingFileIsNamed() {
        let error = #expect(throws: CLIPError.self) { try BytePairTokenizer(contentsOf: "/nonexistent/merges.txt") }
        #expect(error?.code == .notFound)
        #expect(error?.message.contains("/nonexistent/merges.txt") == true)
    }
}
