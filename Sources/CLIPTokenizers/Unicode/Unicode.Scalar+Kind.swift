extension Unicode.Scalar {
    /// White space for Python's `str.split` and `str.strip`: White_Space and the information separators U+001C to
    /// U+001F.
    var isPythonSpace: Bool {
        if value < 0x80 { return value == 0x20 || (0x09...0x0D).contains(value) || (0x1C...0x1F).contains(value) }
        return properties.isWhitespace
    }

    /// General category L: Lu, Ll, Lt, Lm or Lo.
    var isLetter: Bool {
        if value < 0x80 { return isASCIILetter }
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return true
        default: return false
        }
    }

    /// General category N: Nd, Nl or No.
    var isNumber: Bool {
        if value < 0x80 { return isASCIIDigit }
        switch properties.generalCategory {
        case .decimalNumber, .letterNumber, .otherNumber: return true
        default: return false
        }
    }

    /// General category P: connector, dash, open, close, initial, final or other punctuation.
    var isPunctuation: Bool {
        switch properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation:
            return true
        default: return false
        }
    }

    /// `A` to `Z` or `a` to `z`.
    var isASCIILetter: Bool { (0x61...0x7A).contains(value | 0x20) }

    /// `0` to `9`.
    var isASCIIDigit: Bool { (0x30...0x39).contains(value) }

    /// One of the 32 printable ASCII characters that are not letters, digits or spaces.
    var isASCIIPunctuation: Bool { (0x21...0x7E).contains(value) && !isASCIILetter && !isASCIIDigit }
}
