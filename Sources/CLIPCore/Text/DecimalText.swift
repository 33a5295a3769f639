/// Formats numbers as decimals without exponents, which every reader of YAML, JSON and tables recognises as numbers.
package enum DecimalText {
    /// A number with a fixed number of decimal places.
    package static func fixed(_ value: Double, digits: Int) -> String {
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let scaled = (abs(value) * scale).rounded()
        // Larger numbers have no decimal places to round and may not fit into an integer.
        guard scaled < 0x1p53 else { return value.isFinite ? withoutExponent("\(value)") : "\(value)" }
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard digits > 0 else { return "\(sign)\(Int(scaled))" }
        let fraction = String(Int(scaled) % Int(scale))
        let zeros = String(repeating: "0", count: digits - fraction.count)
        return "\(sign)\(Int(scaled) / Int(scale)).\(zeros)\(fraction)"
    }

    /// The shortest decimal that converts back to exactly this number, for example `0.00001` instead of Swift's
    /// `1e-05`.
    ///
    /// - Precondition: The number is finite.
    package static func exact(_ value: Float) -> String {
        precondition(value.isFinite, "the number must be finite")
        return withoutExponent("\(value)")
    }

    /// Expands the exponent of a number in Swift's notation.
    private static func withoutExponent(_ number: String) -> String {
        let parts = number.split(separator: "e")
        guard parts.count == 2, let exponent = Int(parts[1]) else { return number }
        let sign = parts[0].hasPrefix("-") ? "-" : ""
        let mantissa = parts[0].drop { $0 == "-" }.split(separator: ".")
        let fraction = mantissa.count == 2 && mantissa[1] != "0" ? mantissa[1] : ""
        let digits = mantissa[0] + fraction
        if exponent < 0 { return "\(sign)0.\(String(repeating: "0", count: -exponent - 1))\(digits)" }
        return "\(sign)\(digits)\(String(repeating: "0", count: exponent - fraction.count)).0"
    }
}
