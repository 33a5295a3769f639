import CLIPCore
import CLIPTokenizers
import Foundation
import TestSupport
import Testing

/// Every id equals that of Hugging Face's `tokenizers` with the same file, from
/// `Tools/fixtures/make_unigram_fixtures.py`.
@Suite struct UnigramParityTests {
    struct Row: Decodable {
        let text: String?
        let t5: [Int]?
        let xlmr: [Int]?
        let bytes: [Int]?
    }

    static let rows = Result {
        try FileBytes.read(Fixture.path("unigram_texts.jsonl")).split(separator: UInt8(ascii: "\n")).map {
            try JSONDecoder().decode(Row.self, from: Data($0))
        }
    }

    static func tokenizer(_ name: String, padding: String) throws -> UnigramTokenizer {
        let options = TokenizerFileOptions(contextLength: 64, paddingToken: padding)
        return try UnigramTokenizer(contentsOf: Fixture.path("unigram_\(name).json"), options: options)
    }

    static func check(_ tokenizer: UnigramTokenizer, _ ids: (Row) -> [Int]?) throws {
        let shared = try ReferenceText.all.get()
        var count = 0
        for (index, row) in try rows.get().enumerated() {
            guard let expected = ids(row) else { continue }
            let text = row.text ?? shared[index].text
            #expect(tokenizer.tokenize(text) == expected, "\(text.escapedScalars)")
            count += 1
        }
        #expect(count >= 500)
    }

    @Test func theReferencesAreThere() throws {
        #expect(try Self.rows.get().count == 1500)
    }

    @Test func idsOfATokenizerLikeSigLIPsEqualHuggingFaces() throws {
        try Self.check(Self.tokenizer("t5", padding: "</s>"), \.t5)
    }

    @Test func idsOfATokenizerLikeXLMRobertasEqualHuggingFaces() throws {
        try Self.check(Self.tokenizer("xlmr", padding: "<pad>"), \.xlmr)
    }

    @Test func idsWithByteFallbackEqualHuggingFaces() throws {
        try Self.check(Self.tokenizer("bytes", padding: "</s>"), \.bytes)
    }

    @Test(arguments: ["t5", "xlmr", "bytes"])
    func idsOfAnyTextStayInBounds(_ name: String) throws {
        let tokenizer = try Self.tokenizer(name, padding: "</s>")
        for text in RandomTextTests.texts(count: 500, seed: 4) {
            let ids = tokenizer.tokenize(text)
            #expect(ids.count <= 64, "\(text.escapedScalars)")
            #expect(tokenizer.pieces(for: ids).count == ids.count, "\(text.escapedScalars)")
        }
    }

    @Test func aVeryLongWordIsCut() throws {
        let word = String(repeating: "abcdefgh\u{E9}", count: 10_000)
        let ids = try Self.tokenizer("xlmr", padding: "<pad>").tokenize(word)
        #expect(ids.count == 64 && ids.first == 0 && ids.last == 2)
    }
}
