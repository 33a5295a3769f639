internal import CLIPCore
internal import CLIPPipeline

/// Finds the files of a table that consists of several, such as the shards of a data set.
enum TableFiles {
    private static let archiveExtensions: Set = ["tar", "zip", "tgz", "gz", "bz2", "xz", "zst"]

    /// The tables that a name stands for: a file, those in a folder that has tables and neither images nor archives, or
    /// those that match a glob pattern.
    ///
    /// The files of a store count only if there are no others.
    ///
    /// - Parameters:
    ///   - name: A path or a pattern.
    ///   - include: Patterns of the files of a folder to read; if empty, all are.
    ///   - exclude: Patterns of files and folders to leave out of a folder.
    /// - Returns: The paths, sorted by folder and name; `nil` if the name stands for no table.
    /// - Throws: `CLIPError` with code `notFound` if nothing has this name, `unreadable`, also for a link or subfolder
    ///   that may lead to more tables, or `unsupportedFormat` if a pattern is malformed.
    static func named(_ name: String, include: [String] = [], exclude: [String] = []) throws -> [String]? {
        switch Result(catching: { try PathKind(name) }) {
        case .success(.folder): return try inFolder(name, include: include, exclude: exclude)
        case .success(.file): return TableFile.isTable(name) ? [name] : nil
        case .failure(let error):
            guard name.contains(where: "*?[{".contains) else { throw error }
            return try matching(name)
        }
    }

    /// The name of a file in ids, which depends on nothing but its place: with the two folders above it.
    ///
    /// Leaves out the revision in Hugging Face's cache, `datasets--owner--name/snapshots/revision`.
    static func nameInIDs(_ path: String) -> String {
        let folder = PendingFile.folder(of: path)
        var components = (PathKind.resolved(folder) ?? folder).split(separator: "/")
        if let cache = components.lastIndex(where: { $0.hasPrefix("datasets--") }),
            components[(cache + 1)...].first == "snapshots"
        {
            components.removeSubrange(components[(cache + 1)...].prefix(2).indices)
        }
        return (components + path.split(separator: "/").suffix(1)).suffix(3).joined(separator: "/")
    }

    /// The files' names, with as many of their folders before them as tell them apart.
    static func shortNames(_ paths: [String]) -> [String] {
        let components = paths.map { $0.split(separator: "/") }
        var lengths = paths.map { _ in 1 }
        func names() -> [String] { zip(components, lengths).map { $0.suffix($1).joined(separator: "/") } }
        var short = names()
        for length in 2...max(2, components.map(\.count).max() ?? 0) {
            let counts = Dictionary(short.map { ($0, 1) }, uniquingKeysWith: +)
            guard counts.count < short.count else { break }
            for index in short.indices where counts[short[index], default: 1] > 1 { lengths[index] = length }
            short = names()
        }
        return short
    }

    private static func inFolder(_ folder: String, include: [String], exclude: [String]) throws -> [String]? {
        var parquet = [String]()
        var texts = [String]()
        var holdsOthers = false
        let options = FolderSource.Options(includesAllFiles: true, include: include, exclude: exclude)
        var unreadable: (any Error)?
        try FolderSource(path: folder, options: options).forEachFile { found in
            let file: String
            do {
                file = try found.get()
            } catch {
                unreadable = unreadable ?? error
                return true
            }
            switch TableFile.fileExtension(file) {
            case "parquet": parquet.append(join(folder, file))
            case "csv", "tsv": texts.append(join(folder, file))
            case let other?:
                let isImage = FileFilter.isNamedLikeImage(Array(file.utf8)[...])
                holdsOthers = isImage || archiveExtensions.contains(other)
            case nil: break
            }
            return !holdsOthers
        }
        if holdsOthers { return nil }
        let tables = withoutStores(parquet) ?? (texts.isEmpty ? parquet : texts)
        if tables.isEmpty { return nil }
        // A folder of images would report it as a failed image.
        if let unreadable { throw FolderSource.incomplete(unreadable, "leave it out (--exclude)") }
        return tables
    }

    private static func matching(_ pattern: String) throws -> [String] {
        let tables = try FolderSource.files(matching: pattern).filter(TableFile.isTable)
        guard !tables.isEmpty else {
            var advice = "A pattern for archives ends with their extension, as in '*.tar'."
            let names = (try? BracePattern.expand(pattern)) ?? []
            if let name = pattern.split(separator: "/").last,
                names.contains(where: { FileFilter.isNamedLikeImage(Array($0.utf8)[...]) })
            {
                advice = "To embed the images that match, pass their folder and --include '\(name)'."
            }
            throw CLIPError(.notFound, "No tables (.parquet, .csv, .tsv) match '\(pattern)'. \(advice)")
        }
        return withoutStores(tables) ?? tables
    }

    /// The tables that are no files of a store, such as one that an earlier run wrote into the same folder; `nil` if there are
    /// none.
    private static func withoutStores(_ tables: [String]) -> [String]? {
        var filter = StoreFileFilter()
        let others = tables.filter { !filter.isOfStore($0) }
        return others.isEmpty ? nil : others
    }

    private static func join(_ folder: String, _ file: String) -> String {
        folder.hasSuffix("/") ? folder + file : "\(folder)/\(file)"
    }
}
