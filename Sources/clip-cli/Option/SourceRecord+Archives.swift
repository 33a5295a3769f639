internal import CLIPArchive
internal import CLIPCore
internal import CLIPPipeline

extension SourceRecord {
    static let archiveEndings = [
        ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tbz", ".tar.xz", ".txz", ".tar.zst", ".tzst", ".zip",
    ]

    /// Whether a source is an archive: a file by its content, and a URI, a pattern or a missing file by its name.
    static func isArchive(_ name: String) -> Bool {
        var location = name
        if ImageLocations.scheme(of: name) != nil {
            location = String(decoding: name.utf8.prefix { !"?#".utf8.contains($0) }, as: UTF8.self)
        } else if let kind = try? PathKind(name) {
            guard kind == .file else { return false }
            if ArchiveSource.isArchive(name) { return true }
        }
        let names = location.contains("{") ? (try? BracePattern.expand(location)) ?? [] : [location]
        return !names.isEmpty && names.allSatisfy { archiveEndings.contains(where: $0.lowercased().hasSuffix) }
    }

    /// The images of an archive, or of all archives that a pattern names.
    func archives(_ name: String, _ readers: Readers) throws -> ArchiveSource {
        try LocationSecrets.requireNone(in: name)
        return ArchiveSource(
            paths: try Self.paths(ofArchives: name).map(Self.localPath),
            options: ArchiveSource.Options(
                ids: archiveIDs.flatMap(ArchiveIDs.init(rawValue:))?.style,
                files: folderOptions(name, readers)
            ),
            locations: readers.locations
        )
    }

    /// The archives that a name stands for: itself, or those that match a pattern.
    private static func paths(ofArchives name: String) throws -> [String] {
        let isPath = ImageLocations.scheme(of: name) == nil
        if isPath, (try? PathKind(name)) != nil { return [name] }
        guard isPath, name.contains(where: "*?[".contains) else { return try BracePattern.expand(name) }
        let archives = try FolderSource.files(matching: name).filter(isArchive)
        guard !archives.isEmpty else { throw CLIPError(.notFound, "No archives match '\(name)'.") }
        return archives
    }

    /// The path of a `file` URI; anything else as it is.
    private static func localPath(_ location: String) throws -> String {
        guard ImageLocations.scheme(of: location) == "file" else { return location }
        guard let path = String(validating: try FileURI.path(location), as: UTF8.self) else {
            throw CLIPError(.unsupportedFormat, "Cannot read \(location): the archive's name is not UTF-8.")
        }
        return path
    }
}
