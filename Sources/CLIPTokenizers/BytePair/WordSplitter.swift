internal import CLIPCore

/// Splits a cleaned text into the words that are encoded separately.
///
/// Equivalent to open_clip's regular expression:
/// `<start_of_text>|<end_of_text>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+`, case-insensitive. That of
/// transformers distinguishes case, and its special tokens are found before.
struct WordSplitter {
    /// A word of the text.
    enum Word {
        /// The start token, spelled out in the text.
        case start
        /// The end token, spelled out in the text.
        case end
        /// Letters, a digit, or other characters: a non-empty range of bytes.
        case bytes(Range<Int>)
    }

    static let startToken = "<start_of_text>"
    static let endToken = "<end_of_text>"

    private enum Kind {
        case letter
        case number
        case space
        case other
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private let followsOpenCLIP: Bool
    private var position = 0

    /// Splits valid UTF-8.
    init(_ bytes: UnsafeBufferPointer<UInt8>, _ convention: Convention) {
        self.bytes = bytes
        followsOpenCLIP = convention == .openCLIP
    }

    /// The next word, or `nil` at the end of the text.
    mutating func next() -> Word? {
        while position < bytes.count {
            let start = position
            if let word = specialWord() { return word }
            let (scalar, length) = scalar(at: start)
            position += length
            switch kind(of: scalar) {
            case .space: continue
            case .number: return .bytes(start..<position)
            case .letter: skip(.letter)
            case .other: skip(.other)
            }
            return .bytes(start..<position)
        }
        return nil
    }

    /// Advances to the first character of a different kind.
    private mutating func skip(_ kind: Kind) {
        while position < bytes.count {
            let (scalar, length) = scalar(at: position)
            guard self.kind(of: scalar) == kind else { return }
            position += length
        }
    }

    /// A spelled-out start or end token, or the ending of a contraction.
    private mutating func specialWord() -> Word? {
        let start = position
        if bytes[start] == UInt8(ascii: "<"), followsOpenCLIP {
            for (token, word) in [(Self.startToken, Word.start), (Self.endToken, Word.end)] {
                guard let end = endOfMatch(token) else { continue }
                position = end
                // Only the exact spelling is the token; other capitalisations form one word.
                return bytes[start..<end].elementsEqual(token.utf8) ? word : .bytes(start..<end)
            }
        } else if bytes[start] == UInt8(ascii: "'") {
            for ending in Self.contractions {
                guard let end = endOfMatch(ending) else { continue }
                position = end
                return .bytes(start..<end)
            }
        }
        return nil
    }

    private static let contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"]

    /// The end of a case-insensitive match of `pattern` at the current position; `s` also matches the long s.
    private func endOfMatch(_ pattern: String) -> Int? {
        var index = position
        for expected in pattern.utf8 {
            guard index < bytes.count else { return nil }
            let (scalar, length) = scalar(at: index)
            let isUpper = (0x41...0x5A).contains(scalar.value)
            let isLongS = scalar == "ſ" && followsOpenCLIP
            let folded = isLongS ? UInt32(UInt8(ascii: "s")) : isUpper ? scalar.value | 0x20 : scalar.value
            guard folded == UInt32(expected) else { return nil }
            index += length
        }
        return index
    }

    private func scalar(at index: Int) -> (scalar: Unicode.Scalar, length: Int) {
        let first = bytes[index]
        if first < 0x80 { return (Unicode.Scalar(first), 1) }
        let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        var value = UInt32(first) & (0x7F >> UInt32(length))
        for byte in bytes[index + 1..<index + length] { value = value << 6 | UInt32(byte & 0x3F) }
        return (Unicode.Scalar(value) ?? "\u{FFFD}", length)
    }

    private func kind(of scalar: Unicode.Scalar) -> Kind {
        if scalar.isLetter { return .letter }
        if scalar.isNumber { return .number }
        if scalar.properties.generalCategory == .unassigned { return Self.kind(ofNewer: scalar.value) }
        // No part of open_clip's expression matches the combining iota, because its upper case is a letter.
        return scalar.properties.isWhitespace || scalar == "\u{345}" && followsOpenCLIP ? .space : .other
    }

    /// The kind of a scalar that is unknown to the standard library's version of Unicode.
    private static func kind(ofNewer scalar: UInt32) -> Kind {
        if NewerScalarTable.letters.contains(where: { $0.contains(scalar) }) { return .letter }
        return NewerScalarTable.numbers.contains { $0.contains(scalar) } ? .number : .other
    }
}
