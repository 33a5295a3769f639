/// Tokens between white space, without comments, which extend from `#` to the end of a line.
struct PNMTokens {
    private let data: [UInt8]
    /// The position after the white space that ended the last token.
    private(set) var position: Int

    init(_ data: [UInt8], from position: Int) {
        self.data = data
        self.position = position
    }

    /// The next byte outside comments.
    mutating func byte() -> UInt8? {
        while position < data.count {
            let byte = data[position]
            position += 1
            if byte != UInt8(ascii: "#") { return byte }
            while position < data.count {
                position += 1
                if data[position - 1] == 0x0A || data[position - 1] == 0x0D { break }
            }
        }
        return nil
    }

    /// The next token of a header, as text; `nil` at the end of the file or if it has more than ten bytes.
    mutating func text() -> String? {
        var token: [UInt8] = []
        while token.count <= 10, let byte = byte() {
            guard Self.isSpace(byte) else {
                token.append(byte)
                continue
            }
            if !token.isEmpty { break }
        }
        return token.isEmpty || token.count > 10 ? nil : String(decoding: token, as: UTF8.self)
    }

    /// The next decimal number of at most ten digits; `nil` at the end of the file or for other bytes.
    mutating func number() -> Int? {
        var value = 0
        var digits = 0
        while let byte = byte() {
            if Self.isSpace(byte) {
                if digits > 0 { break }
            } else if byte >= 0x30, byte <= 0x39, digits < 10 {
                value = value &* 10 &+ Int(byte &- 0x30)
                digits &+= 1
            } else {
                return nil
            }
        }
        return digits > 0 ? value : nil
    }

    /// Whether a digit that is not white space is next: 0 or 1.
    mutating func bit() -> Bool? {
        while let byte = byte() {
            if Self.isSpace(byte) { continue }
            return byte == 0x30 ? false : byte == 0x31 ? true : nil
        }
        return nil
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte >= 0x09 && byte <= 0x0D
    }
}
