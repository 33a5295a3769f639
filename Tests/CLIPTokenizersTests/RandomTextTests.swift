import CLIPCore
import CLIPTokenizers
import Testing

/// Whatever the text, tokenizers end, stay within the context length, and give ids of their vocabulary.
@Suite struct RandomTextTests {
    /// SplitMix64, so that a failure can be repeated.
    struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    /// Texts of any scalars, more often of those that the cleaning looks at.
    static func texts(count: Int, seed: UInt64) -> [String] {
        var generator = Generator(state: seed)
        let typed = "&#xX;<>'sS_[]SEPCLS \n\r\t\u{1B}[0m"
        let damaged = "\u{C2}\u{C3}\u{E2}\u{20AC}\u{FFFD}\u{301}\u{1100}"
        let notable = Array((typed + damaged).unicodeScalars)
        let ranges: [ClosedRange<UInt32>] = [0...0x7F, 0x80...0x2FF, 0x300...0x36F, 0...0xFFFF, 0...0x10_FFFF]
        return (0..<count).map { _ in
            var text = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...120, using: &generator) {
                let range = ranges.randomElement(using: &generator) ?? 0...0
                let isNotable = Bool.random(using: &generator)
                let scalar =
                    isNotable
                    ? notable.randomElement(using: &generator)
                    : Unicode.Scalar(UInt32.random(in: range, using: &generator))
                if let scalar { text.append(scalar) }
            }
            return String(text)
        }
    }

    @Test func bytePairIDsStayInBounds() throws {
        let tokenizer = try ReferenceTokenizer.bytePair.get()
        for text in Self.texts(count: 1000, seed: 1) {
            let ids = tokenizer.tokenize(text)
            #expect(ids.count <= 77 && ids.first == 49_406 && ids.last == 49_407, "\(text.escapedScalars)")
            #expect(ids.allSatisfy { (0...49_407).contains($0) }, "\(text.escapedScalars)")
        }
    }

    @Test func wordPieceIDsStayInBounds() throws {
        let tokenizer = try ReferenceTokenizer.wordPiece.get()
        for text in Self.texts(count: 1000, seed: 2) {
            let ids = tokenizer.tokenize(text)
            #expect(ids.count <= 64 && ids.first == 101 && ids.last == 102, "\(text.escapedScalars)")
            #expect(ids.allSatisfy { (0..<30_522).contains($0) }, "\(text.escapedScalars)")
        }
    }

    @Test func cleanedTextsHaveSingleSpacesOnly() {
        for text in Self.texts(count: 1000, seed: 3) {
            let cleaned = TextCleaning.lower.clean(text).unicodeScalars
            let spaces = cleaned.indices.filter { cleaned[$0].properties.isWhitespace }
            #expect(spaces.allSatisfy { cleaned[$0] == " " }, "\(text.escapedScalars)")
            let words = cleaned.split(separator: " ")
            #expect(words.count == spaces.count + 1 || cleaned.isEmpty, "\(text.escapedScalars)")
        }
    }

    @Test func aVeryLongWordIsCut() throws {
        let word = String(repeating: "abcdefgh\u{E9}", count: 1000)
        #expect(try ReferenceTokenizer.bytePair.get().tokenize(word).count == 77)
        #expect(try ReferenceTokenizer.wordPiece.get().tokenize(word) == [101, 100, 102])
    }
}
