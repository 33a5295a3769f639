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
        try file.write(CSVLine.text(fields) + "\r\n")
    }

    /// Makes everything durable and gives the file its name.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    public func close() throws {
        try file.close()
    }
}
