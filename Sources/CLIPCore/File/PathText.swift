/// Conversions between paths as bytes, which need not be valid UTF-8, and text.
package enum PathText {
    /// The path as text, with each byte that is not part of valid UTF-8 written as `\xNN`.
    package static func text(_ path: ArraySlice<UInt8>) -> String {
        if let text = String(validating: path, as: UTF8.self) { return text }
        var text = ""
        var rest = path
        while let first = rest.first {
            let character = (1...4).lazy.compactMap { length in
                rest.count >= length ? String(validating: rest.prefix(length), as: UTF8.self) : nil
            }.first
            let escape = "\\x" + (first < 16 ? "0" : "") + String(first, radix: 16)
            text += character ?? escape
            rest = rest.dropFirst(character?.utf8.count ?? 1)
        }
        return text
    }

    /// The path as text for messages: only the start of one that is too long for any file system, which may be megabytes.
    package static func shortened(_ path: [UInt8]) -> String {
        guard path.count > longestPath else { return text(path[...]) }
        return "\(text(path.prefix(shownOfLongPath)))… (\(path.count) bytes)"
    }

    private static let longestPath = 4096
    private static let shownOfLongPath = 200

    /// Calls `body` with the path as a C string.
    package static func withCString<Result>(_ path: [UInt8], _ body: (UnsafePointer<CChar>) -> Result) -> Result {
        (path + [0]).withUnsafeBytes { bytes in
            body(bytes.assumingMemoryBound(to: CChar.self).baseAddress.unsafelyUnwrapped)
        }
    }
}
