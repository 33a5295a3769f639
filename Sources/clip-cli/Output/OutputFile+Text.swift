internal import CLIPCore

extension OutputFile {
    /// Writes a whole text file.
    static func write(_ text: String, to path: String) throws {
        let file = try OutputFile(path: path)
        try file.write(text)
        try file.close()
    }
}
