internal import CLIPArrow
internal import CLIPCore
internal import CLIPPipeline

extension SourceRecord {
    /// What a user may not expect of the sources, one sentence each.
    ///
    /// - Parameter source: The opened sources.
    /// - Returns: Which columns of tables were taken, left out or renamed, and what is not read.
    /// - Throws: `CLIPError` if a table cannot be read.
    func notes(on source: CombinedSource) throws -> [String] {
        let tables = try source.sources.compactMap { $0 as? TableSource }
            .flatMap { try $0.notes + [$0.noteOnLines()].compactMap(\.self) }
        return try tables + source.notes + sources.compactMap(unreadFiles)
    }

    /// What a user may not expect once all images were read, one sentence each.
    static func notesAfterReading(_ source: CombinedSource) -> [String] {
        source.sources.compactMap { $0 as? TableSource }.flatMap(\.notesAfterReading)
    }

    /// A sentence about tables and archives in a folder that are not read with it.
    private func unreadFiles(_ name: String) throws -> String? {
        guard !allFiles, include.isEmpty, (try? PathKind(name)) == .folder else { return nil }
        let read = Set(try tableFiles(name) ?? [])
        let start = name.hasSuffix("/") ? name : name + "/"
        var (tables, archives, stores) = ([String](), [String](), StoreFileFilter())
        let options = FolderSource.Options(includesAllFiles: true, exclude: exclude)
        try FolderSource(path: name, options: options).forEachFile { file in
            // Parts that cannot be read are failed images.
            guard let file = try? file.get() else { return true }
            let ending = file.lowercased()
            if Self.tableEndings.contains(where: ending.hasSuffix) {
                if !read.contains(start + file), !stores.isOfStore(start + file) { tables.append(start + file) }
            } else if Self.archiveEndings.contains(where: ending.hasSuffix) {
                archives.append(start + file)
            }
            return true
        }
        guard let first = (tables + archives).first else { return nil }
        let counts = [(tables.count, "table"), (archives.count, "archive")].filter { $0.0 > 0 }.map {
            Text.count($0.0, $0.1)
        }
        return
            "\(name): \(counts.joined(separator: " and ")) in the folder not read. To read them, pass them as sources, "
            + "such as \(first.shellWord)."
    }

    private static let tableEndings = [".parquet", ".csv", ".tsv"]
}
