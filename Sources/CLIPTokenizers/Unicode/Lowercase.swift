/// Lower-cases text like Python's `str.lower`: full case mapping, with the final form of the Greek sigma.
enum Lowercase {
    /// The text in lower case.
    static func apply(to text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(text.count)
        for (index, scalar) in text.enumerated() {
            if scalar == capitalSigma {
                result.append(isFinalSigma(at: index, in: text) ? "ς" : "σ")
            } else {
                append(scalar, to: &result)
            }
        }
        return result
    }

    /// Appends the lower case of one scalar, regardless of context.
    static func append(_ scalar: Unicode.Scalar, to result: inout [Unicode.Scalar]) {
        if scalar.value < 0x80 {
            let isUpper = (0x41...0x5A).contains(scalar.value)
            result.append(isUpper ? Unicode.Scalar(UInt8(scalar.value) | 0x20) : scalar)
        } else if scalar.properties.changesWhenLowercased {
            result += scalar.properties.lowercaseMapping.unicodeScalars
        } else {
            result.append(scalar)
        }
    }

    private static let capitalSigma: Unicode.Scalar = "Σ"

    /// The Final_Sigma condition of the Unicode Standard, section 3.13: a cased letter before it, none after it, with
    /// case-ignorable scalars skipped.
    private static func isFinalSigma(at index: Int, in text: [Unicode.Scalar]) -> Bool {
        func isCased(_ scalar: Unicode.Scalar?) -> Bool { scalar?.properties.isCased ?? false }
        guard isCased(text[..<index].last { !$0.properties.isCaseIgnorable }) else { return false }
        return !isCased(text[(index + 1)...].first { !$0.properties.isCaseIgnorable })
    }
}
