/// Scans JSON byte by byte.
///
/// Strings are returned as bytes, because `String`, and therefore the keys of `JSONDecoder`, treats canonically
/// equivalent strings as equal, whereas a vocabulary may contain both.
struct JSONScanner {
    private let bytes: [UInt8]
    private var position = 0

    private static let problem = TokenizerFile.Problem("it is not valid JSON in UTF-8")

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The first byte of the next value.
    mutating func peek() throws -> UInt8 {
        while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
        guard position < bytes.count else { throw Self.problem }
        return bytes[position]
    }

    /// Reads an object; `body` reads the value of each key.
    mutating func object(_ body: (inout JSONScanner, [UInt8]) throws -> Void) throws {
        try list(from: "{", to: "}") { scanner in
            let key = try scanner.string()
            try scanner.expect(":")
            try body(&scanner, key)
        }
    }

    /// Reads an array; `body` reads each element.
    mutating func array(_ body: (inout JSONScanner) throws -> Void) throws {
        try list(from: "[", to: "]", body)
    }

    /// Reads a string.
    mutating func string() throws -> [UInt8] {
        try expect("\"")
        var result: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return result
            case UInt8(ascii: "\\"): UTF8Text.append(try escape(), to: &result)
            default: result.append(byte)
            }
        }
        throw Self.problem
    }

    /// Reads an integer; `nil` if the value is something else.
    mutating func integer() throws -> Int? {
        let digits = bytes[try skipValue()]
        return Int(String(decoding: digits, as: UTF8.self))
    }

    /// Skips a value.
    ///
    /// - Returns: Its range.
    @discardableResult
    mutating func skipValue() throws -> Range<Int> {
        let first = try peek()
        let start = position
        switch first {
        case UInt8(ascii: "{"): try object { scanner, _ in try scanner.skipValue() }
        case UInt8(ascii: "["): try array { scanner in try scanner.skipValue() }
        case UInt8(ascii: "\""): _ = try string()
        default:
            let ends = Array(",]} \t\r\n".utf8)
            while position < bytes.count, !ends.contains(bytes[position]) { position += 1 }
            guard start < position else { throw Self.problem }
        }
        return start..<position
    }

    private mutating func expect(_ character: Unicode.Scalar) throws {
        guard try peek() == UInt8(ascii: character) else { throw Self.problem }
        position += 1
    }

    private mutating func list(
        from start: Unicode.Scalar,
        to end: Unicode.Scalar,
        _ body: (inout JSONScanner) throws -> Void
    ) throws {
        try expect(start)
        guard try peek() != UInt8(ascii: end) else {
            position += 1
            return
        }
        while true {
            try body(&self)
            guard try peek() == UInt8(ascii: ",") else { break }
            position += 1
        }
        try expect(end)
    }

    /// The scalar after a backslash.
    private mutating func escape() throws -> Unicode.Scalar {
        guard position < bytes.count else { throw Self.problem }
        let letter = bytes[position]
        position += 1
        switch letter {
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let unit = try codeUnit()
            guard unit & 0xFC00 == 0xD800 else { return try scalar(unit) }
            guard bytes[position...].starts(with: Array("\\u".utf8)) else { throw Self.problem }
            position += 2
            let low = try codeUnit()
            guard low & 0xFC00 == 0xDC00 else { throw Self.problem }
            return try scalar(0x1_0000 + (unit & 0x3FF) << 10 + low & 0x3FF)
        default: return Unicode.Scalar(letter)
        }
    }

    private mutating func codeUnit() throws -> UInt32 {
        let digits = bytes[position...].prefix(4)
        guard digits.count == 4, let unit = UInt32(String(decoding: digits, as: UTF8.self), radix: 16) else {
            throw Self.problem
        }
        position += 4
        return unit
    }

    private func scalar(_ value: UInt32) throws -> Unicode.Scalar {
        guard let scalar = Unicode.Scalar(value) else { throw Self.problem }
        return scalar
    }
}
