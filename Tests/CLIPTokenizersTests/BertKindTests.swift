import CLIPCore
import CLIPTokenizers
import TestSupport
import Testing

/// White space, punctuation, accents, ideographs and control characters are those of `tokenizers`, from
/// `Tools/fixtures/make_bert_kind_fixtures.py`.
@Suite struct BertKindTests {
    /// Consecutive code points with the ids of `a`, one of them and `b`.
    struct Run {
        let scalars: Range<UInt32>
        let lowercased: String
        let cased: String

        /// All of a short run, and the ends of a long one, such as ideographs.
        var samples: [UInt32] {
            scalars.count > 200 ? Array(scalars.prefix(100) + scalars.suffix(100)) : Array(scalars)
        }
    }

    static let runs = Result {
        let file = String(decoding: try FileBytes.read(Fixture.path("bert_kinds.txt")), as: UTF8.self)
        let lines = file.split(separator: "\n").map { $0.split(separator: "\t", omittingEmptySubsequences: false) }
        let starts = try lines.map { try #require(UInt32($0[0], radix: 16)) } + [0x11_0000]
        return lines.indices.map { index in
            Run(
                scalars: starts[index]..<starts[index + 1],
                lowercased: String(lines[index][1]),
                cased: String(lines[index][2])
            )
        }
    }

    @Test(arguments: [true, false])
    func everyCodePointIsTreatedAsInTheReference(lowercase: Bool) throws {
        let tokenizer = try WordPieceTokenizer(
            vocabulary: "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\nb\n##b\n",
            options: .init(contextLength: 8, lowercase: lowercase)
        )
        for run in try Self.runs.get() {
            for scalar in run.samples.compactMap(Unicode.Scalar.init) {
                let ids = tokenizer.tokenize("a\(scalar)b").dropFirst().dropLast()
                let expected = lowercase ? run.lowercased : run.cased
                #expect(ids.map(String.init).joined(separator: " ") == expected, "U+\(String(scalar.value, radix: 16))")
            }
        }
    }
}
