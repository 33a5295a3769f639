/// The spelling of a URL that browsers make of what people write (WHATWG URL Standard).
package enum BrowserSpelling {
    /// Removes blanks around a URL, and tabs and newlines within it, and percent-encodes what must not be sent as it
    /// is: spaces, quotes, angle brackets, control characters and everything beyond ASCII, as UTF-8.
    ///
    /// What is percent-encoded already, and the name of the server, stay as they are.
    package static func of(_ url: String) -> String {
        var bytes = url.utf8.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
            .filter { !"\t\r\n".utf8.contains($0) }
        let start = bytes.firstRange(of: Array("://".utf8))?.upperBound ?? 0
        // Browsers take a backslash before the query for a slash.
        let rest = bytes[start...]
        let end = rest.firstIndex { "?#".utf8.contains($0) } ?? bytes.endIndex
        for index in start..<end where bytes[index] == UInt8(ascii: "\\") { bytes[index] = UInt8(ascii: "/") }
        let server = bytes[start...].firstIndex { "/?#".utf8.contains($0) } ?? bytes.endIndex
        var text = Array(bytes[..<server])
        var unsafe = Self.unsafeInPath
        for byte in bytes[server...] {
            if byte == UInt8(ascii: "?"), unsafe == Self.unsafeInPath { unsafe = Self.unsafeInQuery }
            if byte == UInt8(ascii: "#") { unsafe = Self.unsafeInFragment }
            if byte <= 0x20 || byte >= 0x7F || unsafe.contains(byte) {
                text += [UInt8(ascii: "%"), hexDigit(byte >> 4), hexDigit(byte & 15)]
            } else {
                text.append(byte)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static let unsafeInPath = Array("\"<>`{}^".utf8)
    private static let unsafeInQuery = Array("\"<>'".utf8)
    private static let unsafeInFragment = Array("\"<>`".utf8)

    private static func isBlank(_ byte: UInt8) -> Bool { byte <= 0x20 }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        Array("0123456789ABCDEF".utf8)[Int(value)]
    }
}
