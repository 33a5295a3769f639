/// Repairs text that was badly typed, copied or decoded.
///
/// The repairs are those of `fix_text` in ftfy 6.3 with its default settings (Robyn Speer, Apache-2.0). CLIP models
/// were trained on text repaired in this way; without it, curly quotes or full-width letters would become tokens that
/// the model has rarely seen.
enum TextRepair {
    /// The repaired text.
    ///
    /// Lines are repaired separately. From the first line with a `<`, the text is treated as HTML, and its character
    /// references are kept.
    static func repair(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(text.count)
        var isHTML = false
        var start = 0
        while start < text.count {
            let lineEnd = text[start...].firstIndex(of: "\n").map { $0 + 1 } ?? text.count
            let end = min(lineEnd, start + longestSegment)
            let segment = Array(text[start..<end])
            isHTML = isHTML || segment.contains("<")
            result += repairSegment(segment, resolvesReferences: !isHTML)
            start = end
        }
        return result
    }

    private static let longestSegment = 1_000_000

    /// Applies all repairs until nothing changes.
    private static func repairSegment(_ segment: [Unicode.Scalar], resolvesReferences: Bool) -> [Unicode.Scalar] {
        var text = segment
        while true {
            let previous = text
            if resolvesReferences { text = HTMLReferences.resolveTerminated(text) }
            text = Mojibake.repair(text)
            text = text.flatMap(replacement)
            text = withUnixLineBreaks(text)
            text = withoutTerminalEscapes(text)
            text.removeAll(where: isStrayControl)
            text = CanonicalForm.composed(text)
            if text == previous { return text }
        }
    }

    /// The replacement of a scalar: C1 controls are read as Windows-1252, Latin ligatures and digraphs become letters,
    /// half-width and full-width forms standard width, and curly quotes straight.
    private static func replacement(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        if scalar.value < 0x80 { return [scalar] }
        if (0x80...0x9F).contains(scalar.value) {
            return [straightQuote(SingleByteEncoding.windows1252.scalar(of: UInt8(scalar.value)))]
        }
        if let letters = ligatures[scalar] { return letters.unicodeScalars.map(straightQuote) }
        return widths[scalar] ?? [straightQuote(scalar)]
    }

    private static func straightQuote(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0x02BC, 0x2018...0x201B: "'"
        case 0x201C...0x201F: "\""
        default: scalar
        }
    }

    private static let ligatures: [Unicode.Scalar: String] = [
        "Ĳ": "IJ", "ĳ": "ij", "ŉ": "ʼn", "Ǳ": "DZ", "ǲ": "Dz", "ǳ": "dz", "Ǆ": "DŽ", "ǅ": "Dž", "ǆ": "dž",
        "Ǉ": "LJ", "ǈ": "Lj", "ǉ": "lj", "Ǌ": "NJ", "ǋ": "Nj", "ǌ": "nj",
        "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "ſt", "ﬆ": "st",
    ]

    private static let widths: [Unicode.Scalar: [Unicode.Scalar]] = {
        var result: [Unicode.Scalar: [Unicode.Scalar]] = [:]
        MappingTable.forEachEntry(of: CharacterWidthTable.widths) { key, scalars in
            if let scalar = MappingTable.scalar(hexadecimal: key) { result[scalar] = scalars }
        }
        return result
    }()

    /// Replaces CR LF, CR, LINE SEPARATOR and PARAGRAPH SEPARATOR with LF.
    private static func withUnixLineBreaks(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        guard text.contains(where: isForeignLineBreak) else { return text }
        var result: [Unicode.Scalar] = []
        for (index, scalar) in text.enumerated() {
            let followsReturn = scalar == "\n" && index > 0 && text[index - 1] == "\r"
            if !followsReturn { result.append(isForeignLineBreak(scalar) ? "\n" : scalar) }
        }
        return result
    }

    private static func isForeignLineBreak(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "\r" || scalar == "\u{2028}" || scalar == "\u{2029}"
    }

    /// Removes ANSI sequences such as `ESC [ 1 ; 31 m`.
    private static func withoutTerminalEscapes(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        guard text.contains("\u{1B}") else { return text }
        var result: [Unicode.Scalar] = []
        var index = 0
        while index < text.count {
            if text[index] == "\u{1B}", index + 1 < text.count, text[index + 1] == "[" {
                let end = text[(index + 2)...].firstIndex {
                    $0 != ";" && $0.properties.generalCategory != .decimalNumber
                }
                if let end, text[end].isASCIILetter {
                    index = end + 1
                    continue
                }
            }
            result.append(text[index])
            index += 1
        }
        return result
    }

    /// Whether a scalar is a control character that is not typed on purpose; tabs, line breaks and joiners are kept.
    private static func isStrayControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x08, 0x0B, 0x0E...0x1F, 0x7F, 0x206A...0x206F, 0xFEFF, 0xFFF9...0xFFFC: true
        default: false
        }
    }
}
