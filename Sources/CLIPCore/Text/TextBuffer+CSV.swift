extension TextBuffer {
    /// Appends a line of CSV (RFC 4180) without a line ending.
    package mutating func append(csvFields fields: some Sequence<String>) {
        for (index, field) in fields.enumerated() {
            if index > 0 { append(ascii: ",") }
            append(csvField: field)
        }
    }

    /// Appends a field of CSV (RFC 4180), quoted where necessary.
    package mutating func append(csvField field: String) {
        var field = field
        field.withUTF8 { bytes in
            guard bytes.contains(where: Self.needsCSVQuotes) else { return append(bytes) }
            append(ascii: "\"")
            append(bytes, replacing: { $0 == UInt8(ascii: "\"") }, with: { text, _ in text.append("\"\"") })
            append(ascii: "\"")
        }
    }

    /// Whether a field of CSV with the byte needs quotes.
    private static func needsCSVQuotes(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == 10 || byte == 13
    }
}
