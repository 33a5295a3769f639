import CLIPCore
import CLIPTokenizers
import Foundation
import TestSupport
import Testing

/// Every id equals that of Hugging Face's `tokenizers` with the same file, from
/// `Tools/fixtures/make_sentencepiece_bpe_fixtures.py`.
@Suite struct SentencePieceBPEParityTests {
    struct Row: Decodable {
        let text: String
        let gemma: [Int]
        let partial: [Int]
    }

    static let rows = Result {
        let file = try FileBytes.read(Fixture.path("sentencepiece_bpe/texts.jsonl"))
        return try file.split(separator: UInt8(ascii: "\n")).map {
            try JSONDecoder().decode(Row.self, from: Data($0))
        }
    }

    static func tokenizer(_ name: String) throws -> SentencePieceBPETokenizer {
        let options = TokenizerFileOptions(contextLength: 64, paddingToken: "<pad>")
        return try SentencePieceBPETokenizer(
            contentsOf: Fixture.path("sentencepiece_bpe/\(name).json"),
            options: options
        )
    }

    @Test(arguments: ["gemma", "partial"])
    func idsEqualHuggingFaces(_ name: String) throws {
        let tokenizer = try Self.tokenizer(name)
        let rows = try Self.rows.get()
        #expect(rows.count == 500)
        for row in rows {
            let expected = name == "gemma" ? row.gemma : row.partial
            #expect(tokenizer.tokenize(row.text) == expected, "\(row.text.escapedScalars)")
        }
    }

    @Test(arguments: ["gemma", "partial"])
    func idsOfAnyTextStayInBounds(_ name: String) throws {
        let tokenizer = try Self.tokenizer(name)
        for text in RandomTextTests.texts(count: 500, seed: 5) {
            let ids = tokenizer.tokenize(text)
            #expect(ids.count <= 64, "\(text.escapedScalars)")
            #expect(tokenizer.pieces(for: ids).count == ids.count, "\(text.escapedScalars)")
        }
    }

    @Test func aVeryLongWordIsCut() throws {
        let ids = try Self.tokenizer("partial").tokenize(String(repeating: "abcdefgh\u{E9}", count: 10_000))
        #expect(ids.count == 64 && ids.first == 2 && ids.last == 1)
    }
}
