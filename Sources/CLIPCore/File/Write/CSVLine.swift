/// One line of a CSV file (RFC 4180).
package enum CSVLine {
    /// The fields, quoted where necessary, without a line ending.
    package static func text(_ fields: [String]) -> String {
        fields.map(quoted).joined(separator: ",")
    }

    private static func quoted(_ field: String) -> String {
        let needsQuotes = field.utf8.contains { [UInt8(ascii: ","), UInt8(ascii: "\""), 10, 13].contains($0) }
        guard needsQuotes else { return field }
        let quote: Unicode.Scalar = "\""
        var quoted = String.UnicodeScalarView([quote])
        for scalar in field.unicodeScalars {
            quoted.append(contentsOf: scalar == quote ? [quote, quote] : [scalar])
        }
        quoted.append(quote)
        return String(quoted)
    }
}
