/// Divides a normalised text into the words that are encoded separately: the pre-tokenizers `WhitespaceSplit` and
/// `Metaspace`, in this order, or `Split`.
struct WordDivision: Sendable {
    var splitsAtWhiteSpace = false
    var metaspace: Metaspace?
    /// The UTF-8 delimiter that ends each word and belongs to it (`Split`, merged with the previous).
    var end: [UInt8]?

    /// Whether the text is not divided.
    var isWhole: Bool { !splitsAtWhiteSpace && metaspace == nil && end == nil }

    /// Replaces each space, and the missing space before the first word, with a visible character.
    struct Metaspace: Sendable {
        /// The character, UTF-8.
        let replacement: [UInt8]
        let prefix: Prefix
        /// Whether each replacement begins a word.
        let splits: Bool
    }

    /// Where to insert the replacement if it is missing.
    enum Prefix: String, Sendable {
        /// Before every section.
        case always
        /// Before the section with the first character of the whole text.
        case first
        case never
    }

    /// Calls `body` with each word.
    func forEachWord(of text: NormalizedText, _ body: (ArraySlice<UInt8>) -> Void) {
        if let end {
            var rest = text.bytes[...]
            while let match = ReplacementPattern.literal(end).firstMatch(in: text.bytes, from: rest.startIndex) {
                body(rest[..<match.upperBound])
                rest = rest[match.upperBound...]
            }
            if !rest.isEmpty { body(rest) }
            return
        }
        guard splitsAtWhiteSpace else {
            divide(text.bytes[...], isAtOrigin: text.originCount > 0, body)
            return
        }
        var start = 0
        var position = 0
        for scalar in UTF8Text.scalars(text.bytes) {
            let end = position + UTF8.width(scalar)
            if scalar.properties.isWhitespace {
                if start < position {
                    divide(text.bytes[start..<position], isAtOrigin: start < text.originCount, body)
                }
                start = end
            }
            position = end
        }
        if start < position { divide(text.bytes[start...], isAtOrigin: start < text.originCount, body) }
    }

    private func divide(_ part: ArraySlice<UInt8>, isAtOrigin: Bool, _ body: (ArraySlice<UInt8>) -> Void) {
        guard let metaspace else {
            body(part)
            return
        }
        let replacement = metaspace.replacement
        var text: [UInt8] = []
        text.reserveCapacity(part.count + 8 * replacement.count)
        let isBegun = part.starts(with: replacement) || part.first == UInt8(ascii: " ")
        let isPrefixed = metaspace.prefix == .always || metaspace.prefix == .first && isAtOrigin
        if isPrefixed && !isBegun { text += replacement }
        for byte in part {
            if byte == UInt8(ascii: " ") { text += replacement } else { text.append(byte) }
        }
        guard metaspace.splits else {
            body(text[...])
            return
        }
        var start = 0
        for position in text.indices.dropFirst()
        where text[position] == replacement[0] && text[position...].starts(with: replacement) {
            body(text[start..<position])
            start = position
        }
        body(text[start...])
    }
}
