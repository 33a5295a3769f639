import CLIPCore
import CLIPReport
import Testing

@Suite struct TextBufferTests {
    private func text(_ value: Float) -> String {
        TextBuffer { $0.append(value) }.string
    }

    /// `description` is the shortest decimal that converts back, so this includes that nothing is lost.
    @Test(
        arguments: [
            [0, -0.0, 1, -1, 10, 0.1, 0.25, 1e-4, 9.999e-5, 0.001, 123.456, 16_777_216, 8_388_608],
            [.leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .pi],
            [1e-30, 3.4e38, 8_388_607.5, 4_194_304.25, 0.3, 0.33333334, 0.99999994, 1.0000001, 9.5, 1e7, 1e15],
        ] as [[Float]]
    )
    func aNumberIsWrittenAsItsDescription(_ values: [Float]) {
        for value in values { #expect(text(value) == value.description) }
    }

    @Test func powersOfTwoAndTheirNeighboursAreWrittenAsTheirDescriptions() {
        for exponent in -149...127 {
            let power = Float(sign: .plus, exponent: exponent, significand: 1)
            for value in [power, power.nextUp, power.nextDown, -power] { #expect(text(value) == value.description) }
        }
    }

    @Test func randomNumbersAreWrittenAsTheirDescriptions() {
        var generator = SeededGenerator(seed: 1)
        var buffer = TextBuffer()
        var differences = [Float]()
        for index in 0..<100_000 {
            let bits = UInt32(truncatingIfNeeded: generator.next())
            let value =
                switch index % 4 {
                case 0: Float(bitPattern: bits)
                case 1: Float(Int32(bitPattern: bits)) / Float(Int32.max)
                case 2: Float(Int32(bitPattern: bits) >> 8)
                default: Float(Int32(bitPattern: bits) >> 7) / 1024
                }
            guard value.isFinite else { continue }
            buffer.removeAll()
            buffer.append(value)
            if buffer.string != value.description { differences.append(value) }
        }
        #expect(differences == [])
    }

    @Test func memoryIsReusedWithoutTheOldText() {
        var buffer = TextBuffer { $0.append(String(repeating: "old", count: 1000)) }
        buffer.removeAll()
        #expect(buffer.count == 0 && buffer.string.isEmpty)
        buffer.append("é\u{301}")
        buffer.append(ascii: "!")
        #expect(buffer.string == "é\u{301}!")
    }

    @Test(arguments: [
        ("plain", "plain"), ("", ""), ("a,b", "\"a,b\""), ("q\"\u{301}", "\"q\"\"\u{301}\""), ("\r", "\"\r\""),
        ("line\nbreak", "\"line\nbreak\""), ("\"\"", "\"\"\"\"\"\""), ("a;b", "a;b"),
    ])
    func aFieldOfCSVIsQuotedWhereNecessary(_ field: String, _ expected: String) {
        #expect(Array(TextBuffer { $0.append(csvField: field) }.string.utf8) == Array(expected.utf8))
    }

    @Test(arguments: [
        ("plain", "plain"), ("", ""), ("\"\\", #"\"\\"#), ("\n\r\t", #"\n\r\t"#), ("\u{0}\u{1f}", #"\u0000\u001f"#),
        ("\u{7f}ü\u{1F600}/", "\u{7f}ü\u{1F600}/"), ("a\"\u{301}", "a\\\"\u{301}"),
    ])
    func aJSONStringIsEscapedWhereNecessary(_ string: String, _ expected: String) {
        #expect(Array(TextBuffer { $0.append(jsonString: string) }.string.utf8) == Array("\"\(expected)\"".utf8))
    }
}
