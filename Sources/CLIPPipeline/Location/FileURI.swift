internal import CLIPCore

/// `file://` URIs (RFC 8089).
package enum FileURI {
    /// The path in a `file` URI, as bytes that need not be UTF-8.
    ///
    /// - Throws: `CLIPError` with code `unsupportedFormat` if the URI names another host or is malformed.
    package static func path(_ uri: String) throws -> [UInt8] {
        let rest = uri.dropFirst("file://".count)
        let host = rest.prefix { $0 != "/" }
        guard host.isEmpty || host.lowercased() == "localhost", host.endIndex < rest.endIndex else {
            throw CLIPError(.unsupportedFormat, "Cannot read \(uri): write file:///folder/name, with three slashes.")
        }
        var path = [UInt8]()
        var bytes = rest[host.endIndex...].utf8
        while let byte = bytes.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                path.append(byte)
                continue
            }
            let digits = bytes.prefix(2)
            bytes = bytes.dropFirst(2)
            guard digits.count == 2, let text = String(digits), text.allSatisfy(\.isHexDigit),
                let value = UInt8(text, radix: 16), value != 0
            else {
                throw CLIPError(
                    .unsupportedFormat,
                    "Cannot read \(uri): after '%' come two hexadecimal digits; write '%25' for the sign itself."
                )
            }
            path.append(value)
        }
        return path
    }
}
