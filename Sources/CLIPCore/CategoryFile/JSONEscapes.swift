/// Adapts the one JSON escape that YAML lacks: a character written as a UTF-16 surrogate pair.
package enum JSONEscapes {
    /// Replaces each escaped surrogate pair with YAML's eight-digit escape, for example `\ud83d\ude00` with
    /// `\U0001f600`.
    ///
    /// If `keepsLength` is true, each replacement is padded by two characters, so that the positions of the following
    /// text do not change.
    package static func joiningSurrogates(in text: String, keepsLength: Bool = false) -> String {
        let bytes = Array(text.utf8)
        guard bytes.contains(UInt8(ascii: "\\")) else { return text }
        var result = [UInt8]()
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if let high = unit(bytes, at: index), 0xD800..<0xDC00 ~= high,
                let low = unit(bytes, at: index + 6), 0xDC00..<0xE000 ~= low
            {
                let scalar = 0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)
                let digits = String(scalar, radix: 16)
                result += "\\U\(String(repeating: "0", count: 8 - digits.count))\(digits)".utf8
                if keepsLength { result += "__".utf8 }
                index += 12
            } else {
                let length = bytes[index] == UInt8(ascii: "\\") ? 2 : 1
                result += bytes[index..<min(index + length, bytes.count)]
                index += length
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The value of the `\uXXXX` escape that starts at `index`, or `nil`.
    private static func unit(_ bytes: [UInt8], at index: Int) -> Int? {
        guard index + 6 <= bytes.count, bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u") else {
            return nil
        }
        return Int(String(decoding: bytes[index + 2..<index + 6], as: UTF8.self), radix: 16)
    }
}
