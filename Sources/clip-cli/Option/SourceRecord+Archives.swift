internal import CLIPArchive
internal import CLIPCore
internal import CLIPPipeline

extension SourceRecord {
    private static let archiveEndings = [
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
        return archiveEndings.contains(where: location.lowercased().hasSuffix)
    }

    /// The images of an archive, or of all archives that a brace pattern names.
    func archives(_ name: String, _ readers: Readers) throws -> ArchiveSource {
        try LocationSecrets.requireNone(in: name)
        let isPath = ImageLocations.scheme(of: name) == nil
        let isFile = isPath && (try? PathKind(name)) != nil
        guard isFile || !isPath || !name.contains("*") else {
            throw CLIPError(
                .notFound,
                "Cannot open \(name): No such file or directory. Leave out the quotes, so that the shell replaces '*' by names."
            )
        }
        return ArchiveSource(
            paths: try (isFile ? [name] : BracePattern.expand(name)).map(Self.localPath),
            options: ArchiveSource.Options(
                ids: archiveIDs.flatMap(ArchiveIDs.init(rawValue:))?.style,
                files: folderOptions(name, readers)
            ),
            locations: readers.locations
        )
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
