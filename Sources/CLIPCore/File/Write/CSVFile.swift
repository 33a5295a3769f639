/// Writes a table of comma-separated values (RFC 4180), complete or absent.
package final class CSVFile {
    private let file: OutputFile

    /// Starts a file with its first line.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    package init(path: String, header: [String]) throws {
        file = try OutputFile(path: path)
        try write(header)
    }

    /// Writes one line.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    package func write(_ fields: [String]) throws {
        try file.write(CSVLine.text(fields) + "\r\n")
    }

    /// Makes everything durable and gives the file its name.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    package func close() throws {
        try file.close()
    }

    /// Gives the files their names once all of them are complete: where one cannot be written, none is.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    package static func close(_ files: [CSVFile]) throws {
        for file in files { try file.file.complete() }
        for file in files { try file.file.commit() }
    }
}
