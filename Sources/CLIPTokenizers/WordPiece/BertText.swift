/// Normalises and splits text like BERT, as implemented by Hugging Face's `tokenizers`.
///
/// That library classifies characters by Unicode 8 and treats later ones as ordinary letters.
enum BertText {
    /// Removes control characters, turns white space into spaces, puts spaces around CJK ideographs, and optionally
    /// removes accents and lower-cases the text.
    static func normalize(
        _ text: ArraySlice<Unicode.Scalar>,
        lowercase: Bool,
        stripAccents: Bool
    ) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(text.count)
        for scalar in text {
            if isWhitespace(scalar) {
                result.append(" ")
            } else if isIdeograph(scalar) {
                result += [" ", scalar, " "]
            } else if !isRemoved(scalar) {
                result.append(scalar)
            }
        }
        if stripAccents, result.contains(where: { $0.value >= 0xC0 }) {
            result = CanonicalForm.decomposed(result)
            result.removeAll(where: isNonspacingMark)
        }
        guard lowercase else { return result }
        var lower: [Unicode.Scalar] = []
        lower.reserveCapacity(result.count)
        for scalar in result { Lowercase.append(scalar, to: &lower) }
        return lower
    }

    /// The words of a normalised text; each punctuation character is a word of its own.
    static func words(of text: [Unicode.Scalar]) -> [ArraySlice<Unicode.Scalar>] {
        var words: [ArraySlice<Unicode.Scalar>] = []
        var start = 0
        for (index, scalar) in text.enumerated() {
            let isPunctuation = isPunctuation(scalar)
            guard isPunctuation || isWhitespace(scalar) else { continue }
            if start < index { words.append(text[start..<index]) }
            if isPunctuation { words.append(text[index...index]) }
            start = index + 1
        }
        if start < text.count { words.append(text[start...]) }
        return words
    }

    private static func isWhitespace(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x80 { return scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r" }
        return scalar.properties.isWhitespace && scalar != "\u{85}"
    }

    private static func isRemoved(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x80 { return scalar.value < 0x20 || scalar.value == 0x7F }
        if scalar == "\u{FFFD}" { return true }
        switch scalar.properties.generalCategory {
        case .control, .format, .privateUse: return isOld(scalar)
        default: return false
        }
    }

    private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.isASCIIPunctuation }
        return formerKind(of: scalar).map { $0 == .punctuation } ?? (scalar.isPunctuation && isOld(scalar))
    }

    private static func isNonspacingMark(_ scalar: Unicode.Scalar) -> Bool {
        formerKind(of: scalar).map { $0 == .nonspacingMark }
            ?? (scalar.properties.generalCategory == .nonspacingMark && isOld(scalar))
    }

    private enum Kind {
        case punctuation
        case nonspacingMark
        case other
    }

    /// The kind in Unicode 8 of a character whose kind has changed since.
    private static func formerKind(of scalar: Unicode.Scalar) -> Kind? {
        switch scalar.value {
        case 0x166D, 0x1_11C9: .punctuation
        case 0x1734, 0x1_171E: .nonspacingMark
        case 0x1885, 0x1886, 0xA9BD: .other
        default: nil
        }
    }

    private static func isOld(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.age.map { $0.major <= 8 } ?? false
    }

    /// The blocks of CJK ideographs, with the one bound in which `tokenizers` differs from BERT's own list.
    private static func isIdeograph(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x2_0000...0x2_A6DF, 0x2_A700...0x2_B81F,
            0x2_B920...0x2_CEAF, 0x2_F800...0x2_FA1F:
            true
        default: false
        }
    }
}
