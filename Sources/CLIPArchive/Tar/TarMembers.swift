internal import CLIPCore

/// The files of a tar archive.
///
/// Files of a local archive are read on demand. Of any other archive, which is read in order, the files that are needed
/// are in memory, and links are left to be resolved.
struct TarMembers: ArchiveMembers {
    private let archive: any ArchiveBytes
    private let rules: MemberRules
    private var walker: TarWalker
    private var links: TarLinks

    init(_ archive: any ArchiveBytes, _ rules: MemberRules) {
        self.archive = archive
        self.rules = rules
        walker = TarWalker(archive)
        links = TarLinks(archive)
    }

    mutating func next() throws(ArchiveDamage) -> ArchiveMember? {
        guard let entry = try walker.next() else { return nil }
        guard let maximumBytes = rules.maximumBytes(of: entry.path) else { return ArchiveMember(path: entry.path) }
        guard entry.isLink else {
            do {
                return try ArchiveMember(entry, of: archive, maximumBytes: maximumBytes)
            } catch {
                throw ArchiveDamage(offset: entry.headerOffset, error)
            }
        }
        guard archive is OpenFile else {
            return ArchiveMember(path: entry.path, version: FileVersion.unknown, contents: .link(entry))
        }
        do {
            return try ArchiveMember(links.target(of: entry), at: entry.path, of: archive, maximumBytes: maximumBytes)
        } catch {
            let error = error as? CLIPError ?? CLIPError(.unreadable, "\(error)")
            return ArchiveMember(path: entry.path, version: FileVersion.unknown, error: error)
        }
    }
}

extension ArchiveMember {
    /// A file of a tar archive.
    ///
    /// - Parameters:
    ///   - entry: A file, not a link.
    ///   - path: The path of a link to the file; `nil` for its own.
    ///   - archive: A local archive, or one whose position is not behind the file's contents.
    ///   - maximumBytes: The size limit; a larger file cannot be read.
    /// - Throws: `CLIPError` if the archive ends inside the file or cannot be read.
    init(_ entry: TarEntry, at path: [UInt8]? = nil, of archive: any ArchiveBytes, maximumBytes: Int) throws {
        let path = path ?? entry.path
        func failure(_ code: CLIPError.Code, _ what: String) -> CLIPError {
            .member(path, of: archive.name, code, what)
        }
        let (offset, byteCount) = (entry.offset, entry.byteCount)
        if case .sparse = entry.contents {
            let error = failure(.unsupportedFormat, "it is a sparse file; archive it without --sparse")
            self.init(path: path, byteCount: byteCount, version: entry.version, error: error)
        } else if byteCount > maximumBytes {
            let name = "\(PathText.text(path[...])) in \(archive.name)"
            let error = CLIPError.tooLarge(name, byteCount: byteCount, limit: maximumBytes)
            self.init(path: path, byteCount: byteCount, version: entry.version, error: error)
        } else if let file = archive as? OpenFile {
            self.init(
                path: path,
                byteCount: byteCount,
                version: entry.version,
                contents: .readable { buffer in
                    try file.read(at: offset, count: byteCount, into: &buffer)
                    guard buffer.count == byteCount else {
                        throw CLIPError.member(path, of: file.name, .corruptData, "the archive ends inside it")
                    }
                }
            )
        } else {
            let bytes = try archive.read(at: offset, count: byteCount)
            guard bytes.count == byteCount else {
                throw CLIPError(.corruptData, "it ends inside \(PathText.text(path[...])).")
            }
            self.init(
                path: path,
                byteCount: byteCount,
                version: entry.version,
                heldByteCount: byteCount,
                contents: .readable { $0 = bytes }
            )
        }
    }
}

extension OpenFile {
    /// Replaces the contents of `buffer`, keeping its capacity, with a part of the file, which ends at the file's end at
    /// the latest.
    ///
    /// - Throws: `CLIPError` with code `unreadable`, also if the file changed since it was opened.
    func read(at offset: Int, count: Int, into buffer: inout [UInt8]) throws {
        buffer.removeAll(keepingCapacity: true)
        buffer.append(contentsOf: repeatElement(0, count: max(0, min(count, byteCount - offset))))
        let filled = try buffer.withUnsafeMutableBytes { try read(at: offset, into: $0) }
        buffer.removeSubrange(filled...)
        try requireUnchanged()
    }
}
