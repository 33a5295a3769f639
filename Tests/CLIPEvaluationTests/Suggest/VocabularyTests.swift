import CLIPCore
import CLIPEvaluation
import CLIPTesting
import Testing

@Suite struct VocabularyTests {
    private func vocabulary(_ text: String) throws -> Vocabulary {
        let folder = try TemporaryFolder()
        try folder.write(Array(text.utf8), to: "words.txt")
        return try Vocabulary(contentsOf: "\(folder.path)/words.txt")
    }

    @Test func linesArePhrasesWithoutSpacesAroundThem() throws {
        let read = try vocabulary("\u{FEFF}cat\r\n\n  red fox \ncat\n# 1\nfée")
        #expect(read.phrases == ["cat", "red fox", "# 1", "fée"])
    }

    @Test func aPhraseThatUnicodeComposesInTwoWaysIsOne() throws {
        #expect(try vocabulary("caf\u{E9}\ncafe\u{301}\ncat").phrases == ["caf\u{E9}", "cat"])
    }

    @Test(arguments: ["\n \n", "cat\n\(String(repeating: "a", count: 1001))\n"])
    func whatIsNoVocabularyIsRefused(text: String) throws {
        let error = #expect(throws: CLIPError.self) { try vocabulary(text) }
        #expect(error?.code == .unsupportedFormat)
        #expect(error?.message.contains("one phrase per line") == true)
    }
}
