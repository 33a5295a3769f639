internal import CLIPCore

/// Writes a CSV file (RFC 4180) atomically: it is complete or absent.
package final class CSVFile {
    private let file: OutputFile
    private let written: (String) -> String
    private var line = TextBuffer()

    /// Creates a file and writes the header line.
    ///
    /// - Parameters:
    ///   - path: The file, which appears after ``close()``.
    ///   - header: The names of the columns.
    ///   - written: What to write for a field.
    /// - Throws: ``CLIPError`` with code `storage`.
    package init(path: String, header: [String], written: @escaping (String) -> String = { $0 }) throws {
        self.written = written
        file = try OutputFile(path: path)
        try write(header)
    }

    /// Writes one line.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    package func write(_ fields: [String]) throws {
        line.removeAll()
        line.append(csvFields: fields.map(written))
        line.append("\r\n")
        try file.write(line)
    }

    /// Syncs the file and renames it to its final name.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    package func close() throws {
        try file.close()
    }

    /// Renames the files to their final names once all are complete: if one cannot be written, none is renamed.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    package static func close(_ files: [CSVFile]) throws {
        for file in files { try file.file.complete() }
        for file in files { try file.file.commit() }
    }
}
