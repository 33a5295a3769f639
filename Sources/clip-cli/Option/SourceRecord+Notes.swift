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
        return try tables + source.sources.compactMap { $0 as? FolderSource }.compactMap(unreadTables)
    }

    /// A sentence about Parquet files in a folder of images, where a data set has them.
    private func unreadTables(_ folder: FolderSource) throws -> String? {
        for place in [folder.path, folder.path + "/data"] where (try? PathKind(place)) == .folder {
            var count = 0
            let options = FolderSource.Options(include: ["*.parquet"], exclude: ["*/"])
            try FolderSource(path: place, options: options).forEachFile { _ in
                count += 1
                return true
            }
            guard count > 0 else { continue }
            return "\(folder.path): \(Text.count(count, "Parquet file")) not read, because the folder has images or "
                + "archives too. To read them, pass \("\(place)/*.parquet".shellWord)."
        }
        return nil
    }
}
