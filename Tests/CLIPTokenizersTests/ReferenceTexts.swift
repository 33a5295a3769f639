import CLIPCore
import CLIPTokenizers
import Foundation
import TestSupport

/// Texts with what the reference tokenizers make of them, from `Tools/fixtures/make_text_fixtures.py`.
struct ReferenceText: Decodable {
    let text: String
    let bpe: [Int]
    let transformers: [Int]?
    let normalized: [Int]?
    let wordpiece: [Int]
    let cased: [Int]?
    let whitespace: String?
    let canonicalize: String?

    static let all = Result {
        try FileBytes.read(Fixture.path("texts.jsonl")).split(separator: UInt8(ascii: "\n")).map {
            try JSONDecoder().decode(ReferenceText.self, from: Data($0))
        }
    }
}

/// The tokenizers that the references were made with.
enum ReferenceTokenizer {
    static let mergesPath = Fixture.path("bpe_merges.txt")
    static let vocabularyPath = Fixture.path("wordpiece_vocab.txt")
    static let wordPieceContext = 64

    static let bytePair = Result { try BytePairTokenizer(contentsOf: mergesPath) }
    static let wordPiece = Result {
        try WordPieceTokenizer(contentsOf: vocabularyPath, options: .init(contextLength: wordPieceContext))
    }
    static let casedWordPiece = Result {
        try WordPieceTokenizer(
            contentsOf: vocabularyPath,
            options: .init(contextLength: wordPieceContext, lowercase: false)
        )
    }
}

extension String {
    /// The scalars, escaped: strings that Swift takes for equal may have different ones.
    var escapedScalars: String {
        unicodeScalars.map { $0.escaped(asASCII: true) }.joined()
    }
}
