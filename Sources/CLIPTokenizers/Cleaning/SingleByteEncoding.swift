/// An encoding with one byte a character, in which UTF-8 may have been read by mistake.
///
/// Bytes without a meaning stand for the control character of the same number, as browsers have it. ASCII is the same
/// in all of them.
struct SingleByteEncoding: Sendable {
    /// Whether byte 0x1A stands for U+FFFD, the trace of a byte that could not be read.
    let isLossy: Bool
    /// Whether bytes 0x20 that were 0xA0 are looked for; in Mac Roman they would be found in ordinary text.
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

    /// What a byte means.
    func scalar(of byte: UInt8) -> Unicode.Scalar {
        byte < 0x80 ? Unicode.Scalar(byte) : highScalars[Int(byte) - 0x80]
    }

    /// The bytes of a text; `nil` when the encoding lacks a character.
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
