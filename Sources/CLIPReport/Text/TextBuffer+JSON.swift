package import CLIPCore

extension TextBuffer {
    /// Appends a quoted JSON string.
    package mutating func append(jsonString string: String) {
        var string = string
        append(ascii: "\"")
        string.withUTF8 { bytes in
            append(bytes, replacing: { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) {
                text,
                byte in
                text.append(Self.jsonEscape(byte))
            }
        }
        append(ascii: "\"")
    }

    private static func jsonEscape(_ byte: UInt8) -> String {
        switch Unicode.Scalar(byte) {
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        case ..<" ": "\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))"
        case let character: "\\\(character)"
        }
    }
}
