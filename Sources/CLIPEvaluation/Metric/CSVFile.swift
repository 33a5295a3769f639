package import CLIPCore

/// Writes a CSV file (RFC 4180) atomically: it is complete or absent.
package final class CSVFile {
    private let file: OutputFile
    private let formulas: FormulaCells
    private var line = TextBuffer()

    /// Creates a file and writes the header line.
    ///
    /// - Parameters:
    ///   - path: The file, which appears after ``close()``.
    ///   - header: The names of the columns.
    ///   - formulas: Counts the fields that spreadsheets take for formulas.
    /// - Throws: ``CLIPError`` with code `storage`.
    package init(path: String, header: [String], formulas: FormulaCells = FormulaCells()) throws {
        self.formulas = formulas
        file = try OutputFile(path: path)
        try write(header)
    }

    /// Writes one line.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    package func write(_ fields: [String]) throws {
        line.removeAll()
        line.append(csvFields: fields.map(formulas.written))
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
