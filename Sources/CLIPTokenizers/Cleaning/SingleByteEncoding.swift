/// An encoding with one byte per character, with which UTF-8 may have been decoded by mistake.
///
/// As in browsers, undefined bytes map to the control character with the same number. All encodings agree on ASCII.
struct SingleByteEncoding: Sendable {
    /// Whether byte 0x1A represents U+FFFD, the trace of an undecodable byte.
    let isLossy: Bool
    /// Whether to look for bytes 0x20 that were 0xA0; for Mac Roman, ordinary text would match.
    let restoresSpaces: Bool
    private let highScalars: [Unicode.Scalar]
    private let bytes: [Unicode.Scalar: UInt8]

    private init(_ highScalars: some Sequence<Unicode.Scalar>, isLossy: Bool = true, restoresSpaces: Bool = true) {
        self.isLossy = isLossy
        self.restoresSpaces = restoresSpaces
        self.highScalars = Array(highScalars)
        var bytes: [Unicode.Scalar: UInt8] = [:]
        for (index, scalar) in self.highScalars.enumerated() { bytes[scalar] = UInt8(0x80 + index) }
        if isLossy { bytes["\u{FFFD}"] = Self.substitute }
        self.bytes = bytes
    }

    static let latin1 = Self((UInt8(0x80)...0xFF).map { Unicode.Scalar($0) }, isLossy: false)
    static let windows1252 = Self(MojibakeTable.windows1252.unicodeScalars)

    /// The encodings in the order in which they are tried.
    static let all = [
        latin1,
        windows1252,
        Self(MojibakeTable.windows1251.unicodeScalars),
        Self(MojibakeTable.windows1250.unicodeScalars),
        Self(MojibakeTable.windows1253.unicodeScalars),
        Self(MojibakeTable.windows1254.unicodeScalars),
        Self(MojibakeTable.windows1257.unicodeScalars),
        Self(MojibakeTable.iso88592.unicodeScalars, isLossy: false),
        Self(MojibakeTable.macroman.unicodeScalars, isLossy: false, restoresSpaces: false),
        Self(MojibakeTable.cp437.unicodeScalars, isLossy: false),
    ]

    private static let substitute: UInt8 = 0x1A

    /// The character of a byte.
    func scalar(of byte: UInt8) -> Unicode.Scalar {
        byte < 0x80 ? Unicode.Scalar(byte) : highScalars[Int(byte) - 0x80]
    }

    /// The bytes of a text; `nil` if the encoding lacks a character.
    func encode(_ text: [Unicode.Scalar]) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        for scalar in text {
            if scalar.value < 0x80 {
                guard !(isLossy && scalar.value == Self.substitute) else { return nil }
                result.append(UInt8(scalar.value))
            } else {
                guard let byte = bytes[scalar] else { return nil }
                result.append(byte)
            }
        }
        return result
    }
}
