/// Decodes UTF-8 and two variants that some programs write: surrogate pairs as two three-byte sequences (CESU-8), and
/// U+0000 as 0xC0 0x80 (Java).
enum VariantUTF8 {
    /// Decodes the bytes; `nil` if they are neither UTF-8 nor one of the variants.
    static func decode(_ bytes: [UInt8]) -> [Unicode.Scalar]? {
        var result: [Unicode.Scalar] = []
        var rest = bytes[...]
        while let special = rest.indices.first(where: { beginsVariant(rest[$0...]) }) {
            guard let plain = decodeStrictly(rest[..<special]) else { return nil }
            result += plain
            rest = rest[special...]
            if rest.first == 0xC0 {
                guard rest.count > 1 else { return nil }
                result.append("\0")
                rest = rest.dropFirst(2)
            } else {
                guard rest.count >= 6 else { break }
                guard isSurrogatePair(rest), let scalar = Unicode.Scalar(surrogatePair(Array(rest.prefix(6)))) else {
                    return nil
                }
                result.append(scalar)
                rest = rest.dropFirst(6)
            }
        }
        guard let plain = decodeStrictly(rest) else { return nil }
        return result + plain
    }

    /// Whether the bytes begin with a pattern, or with as much of it as fits before their end; a final line feed counts
    /// as the end, as for `$` in a regular expression.
    private static func matches(_ pattern: [ClosedRange<UInt8>], _ bytes: ArraySlice<UInt8>) -> Bool {
        var index = bytes.startIndex
        for range in pattern {
            let atEnd = index == bytes.endIndex || index == bytes.endIndex - 1 && bytes[index] == 0x0A
            if index < bytes.endIndex, range.contains(bytes[index]) {
                index += 1
            } else if index == bytes.startIndex || !atEnd {
                return false
            }
        }
        return true
    }

    private static func beginsVariant(_ bytes: ArraySlice<UInt8>) -> Bool {
        switch bytes.first {
        case 0xC0: matches([0xC0...0xC0, 0x80...0x80], bytes)
        case 0xED: matches([0xED...0xED, 0xA0...0xBF, 0x80...0xBF], bytes)
        default: false
        }
    }

    private static func isSurrogatePair(_ bytes: ArraySlice<UInt8>) -> Bool {
        matches(
            [0xED...0xED, 0xA0...0xAF, 0x80...0xBF, 0xED...0xED, 0xB0...0xBF, 0x80...0xBF],
            bytes
        )
    }

    /// The code point in `11101101 1010abcd 10efghij 11101101 1011klmn 10opqrst`, whose bits count from U+10000.
    private static func surrogatePair(_ bytes: [UInt8]) -> UInt32 {
        let high = UInt32(bytes[1] & 0x0F) << 16 | UInt32(bytes[2] & 0x3F) << 10
        return 0x1_0000 + (high | UInt32(bytes[4] & 0x0F) << 6 | UInt32(bytes[5] & 0x3F))
    }

    private static func decodeStrictly(_ bytes: ArraySlice<UInt8>) -> [Unicode.Scalar]? {
        String(validating: bytes, as: UTF8.self).map { Array($0.unicodeScalars) }
    }
}
