/// Writes a table of comma-separated values (RFC 4180), complete or absent.
public final class CSVFile {
    private let file: OutputFile

    /// Starts a file with its first line.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    public init(path: String, header: [String]) throws {
        file = try OutputFile(path: path)
        try write(header)
    }

    /// Writes one line.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    public func write(_ fields: [String]) throws {
        try file.write(fields.map(Self.quoted).joined(separator: ",") + "\r\n")
    }

    /// Makes everything durable and gives the file its name.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    public func close() throws {
        try file.close()
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
