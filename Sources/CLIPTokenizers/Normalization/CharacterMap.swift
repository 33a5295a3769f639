#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// The character map of a SentencePiece model: replacements of characters, stored in a double-array trie.
///
/// The format is the trie's size in bytes, the trie as 32-bit numbers, all little-endian, and the NUL-terminated
/// replacements. The trie is that of Darts-clone: from the lowest bit, a number holds the byte that leads to it, a flag
/// for the end of a string, and the offset of its children.
struct CharacterMap: Sendable {
    private let units: [UInt32]
    private let replacements: [UInt8]
    /// Whether each ASCII character is unchanged.
    private var keepsASCII: [Bool] = []

    /// Reads a base64 map; `nil` if it is damaged.
    init?(base64: String) {
        guard let map = Data(base64Encoded: base64).map([UInt8].init), map.count > 4 else { return nil }
        func number(at index: Int) -> UInt32 {
            map[index..<index + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
        }
        let size = Int(number(at: 0))
        guard size > 0, size % 4 == 0, size <= map.count - 4 else { return nil }
        units = stride(from: 4, to: 4 + size, by: 4).map(number)
        replacements = Array(map[(4 + size)...])
        guard String(validating: replacements, as: UTF8.self) != nil else { return nil }
        keepsASCII = (0..<0x80).map { replacement(of: CollectionOfOne($0)) == nil }
    }

    /// Normalises a text.
    ///
    /// As in `tokenizers`, a grapheme of up to five bytes is replaced as a whole by the replacement of its shortest
    /// prefix in the map; in longer graphemes, each scalar is replaced separately.
    func apply(to text: inout NormalizedText) {
        // A line feed is kept alone but not after a carriage return.
        if text.bytes.allSatisfy({ $0 < 0x80 && keepsASCII[Int($0)] && $0 != UInt8(ascii: "\r") }) { return }
        var result: [UInt8] = []
        result.reserveCapacity(text.bytes.count)
        var changes: [NormalizedText.Change] = []
        for character in String(decoding: text.bytes, as: UTF8.self) {
            if character.utf8.count < 6, let range = replacement(of: character.utf8) {
                let count = character.unicodeScalars.count
                append(range, insteadOf: count, to: &result, isTracked: text.originCount > 0, &changes)
                continue
            }
            for scalar in character.unicodeScalars {
                let bytes = UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
                if let range = replacement(of: bytes) {
                    append(range, insteadOf: 1, to: &result, isTracked: text.originCount > 0, &changes)
                } else {
                    result += bytes
                    if text.originCount > 0 { changes.append((bytes.count, 0)) }
                }
            }
        }
        text.replace(with: result, changes: changes)
    }

    /// The range of the replacement for the shortest prefix of `key` in the map, or `nil`.
    private func replacement(of key: some Sequence<UInt8>) -> Range<Int>? {
        var position = Self.offset(units[0])
        for byte in key {
            guard byte != 0 else { return nil }
            position ^= Int(byte)
            guard position < units.count, units[position] & Self.labelMask == UInt32(byte) else { return nil }
            let isEnd = units[position] & Self.endMark != 0
            position ^= Self.offset(units[position])
            guard isEnd else { continue }
            guard position < units.count else { return nil }
            let start = Int(units[position] & Self.valueMask)
            guard start < replacements.count, replacements[start] & 0xC0 != 0x80 else { return nil }
            let end = replacements[start...].firstIndex(of: 0) ?? replacements.count
            return start..<end
        }
        return nil
    }

    private func append(
        _ range: Range<Int>,
        insteadOf removedCount: Int,
        to result: inout [UInt8],
        isTracked: Bool,
        _ changes: inout [NormalizedText.Change]
    ) {
        result += replacements[range]
        guard isTracked else { return }
        let lengths = UTF8Text.scalars(replacements[range]).map { UTF8.width($0) }
        for (index, length) in lengths.enumerated() {
            changes.append((length, index < removedCount ? 0 : 1))
        }
        // `tokenizers` does not track a removal with no output before it.
        if lengths.count < removedCount, let last = changes.indices.last {
            changes[last].kind -= removedCount - lengths.count
        }
    }

    private static let labelMask: UInt32 = 1 << 31 | 0xFF
    private static let endMark: UInt32 = 1 << 8
    private static let valueMask: UInt32 = 1 << 31 - 1

    private static func offset(_ unit: UInt32) -> Int {
        Int(unit >> 10) << Int((unit & 1 << 9) >> 6)
    }
}
