extension Double {
    /// The value that `tokenizers` reads for `number` in a file.
    ///
    /// Its JSON reader (serde_json without `float_roundtrip`) converts the digits to a number, rounded if there are
    /// more than 15, and multiplies or divides it by a power of ten, so the last bit may differ from the nearest
    /// number. That can decide which of two segmentations with the same scores in a different order has the higher sum.
    static func asReadByTokenizers(_ number: Double) -> Double {
        guard number.isFinite else { return number }
        let parts = number.magnitude.description.split(separator: "e")
        guard let digits = parts.first, var exponent = parts.count == 2 ? Int(parts[1]) : 0 else { return number }
        var significand: UInt64 = 0
        var isFraction = false
        for digit in (digits.hasSuffix(".0") ? digits.dropLast(2) : digits).utf8 {
            if digit == UInt8(ascii: ".") {
                isFraction = true
            } else {
                significand = significand * 10 + UInt64(digit - UInt8(ascii: "0"))
                if isFraction { exponent -= 1 }
            }
        }
        guard powersOfTen.indices.contains(abs(exponent)) else { return number }
        let power = powersOfTen[abs(exponent)]
        let magnitude = exponent < 0 ? Double(significand) / power : Double(significand) * power
        return number < 0 ? -magnitude : magnitude
    }

    private static let powersOfTen = (0...308).compactMap { Double("1e\($0)") }
}
