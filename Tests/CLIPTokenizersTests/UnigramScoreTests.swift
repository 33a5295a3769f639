import CLIPCore
import CLIPTokenizers
import Foundation
import TestSupport
import Testing

/// Repeated patterns whose pieces in different orders have equal sums but for rounding get the reference's ids, from
/// `Tools/fixtures/make_unigram_score_fixtures.py`.
@Suite struct UnigramScoreTests {
    typealias Row = [String: Value]

    enum Value: Decodable {
        case text(String)
        case ids([Int])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            self = try (try? container.decode(String.self)).map(Self.text) ?? .ids(container.decode([Int].self))
        }
    }

    static let rows = Result {
        try FileBytes.read(Fixture.path("unigram_scores/texts.jsonl")).split(separator: UInt8(ascii: "\n")).map {
            try JSONDecoder().decode(Row.self, from: Data($0))
        }
    }

    static func check(_ file: String, hasExactScores: Bool, against reference: String) throws {
        var options = TokenizerFileOptions(contextLength: 64)
        options.hasExactScores = hasExactScores
        let path = Fixture.path("unigram_scores/\(file).json")
        let tokenizer = try UnigramTokenizer(contentsOf: path, options: options)
        for row in try rows.get() {
            guard case .text(let text) = row["text"], case .ids(let expected) = row[reference] else {
                Issue.record("a row lacks its text or the ids of \(reference)")
                continue
            }
            #expect(tokenizer.tokenize(text) == expected, "\(text)")
        }
    }

    @Test(arguments: ["t5", "xlmr"])
    func exportedScoresGiveTheIDsOfATokenizerThatHoldsThem(_ name: String) throws {
        try Self.check(name, hasExactScores: true, against: name)
    }

    @Test(arguments: ["t5", "xlmr"])
    func aFileWithoutTheMarkGivesTheIDsOfATokenizerThatReadsIt(_ name: String) throws {
        try Self.check(name, hasExactScores: false, against: "\(name)_read")
    }

    @Test(arguments: ["t5_read", "xlmr_read"])
    func exportedScoresOfATokenizerThatReadAFileGiveItsIDs(_ name: String) throws {
        try Self.check(name, hasExactScores: true, against: name)
    }
}
