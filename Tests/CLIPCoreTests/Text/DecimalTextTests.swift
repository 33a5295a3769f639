import CLIPCore
import Testing

@Suite struct DecimalTextTests {
    static let numbers: [(Float, String)] = [
        (0, "0.0"), (0.1, "0.1"), (-0.0625, "-0.0625"), (1e-5, "0.00001"), (-1.5e-7, "-0.00000015"),
        (3e10, "30000000000.0"), (1.25e20, "125000000000000000000.0"), (Float(0.1).nextUp, "0.10000001"),
    ]

    @Test(arguments: numbers)
    func aNumberIsWrittenWithoutExponent(_ number: Float, _ text: String) {
        #expect(DecimalText.exact(number) == text)
    }

    @Test(arguments: [
        (0.125, 2, "0.13"), (-0.001, 2, "0.00"), (1e30, 3, "1\(String(repeating: "0", count: 30)).0"),
        (-2e15, 4, "-2000000000000000.0"),
        (Double.nan, 2, "nan"), (-Double.infinity, 2, "-inf"),
    ])
    func everyNumberIsShown(_ number: Double, _ digits: Int, _ text: String) {
        #expect(DecimalText.fixed(number, digits: digits) == text)
    }

    @Test func everyNumberReadsBackExactly() {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<2000 {
            let number = Float(bitPattern: UInt32(truncatingIfNeeded: generator.next()))
            guard number.isFinite else { continue }
            let text = DecimalText.exact(number)
            #expect(Float(text) == number && !text.contains("e"), "\(number): \(text)")
        }
    }
}
