internal import CLIPCore

/// The files of a zip archive.
///
/// Files of a local archive are read on demand. Of a remote archive, the files that are needed are in memory,
/// compressed.
struct ZipMembers: ArchiveMembers {
    private static let headerBytes = 30

    private let archive: any ArchiveBytes
    private let rules: MemberRules
    private var directory: ZipDirectory?
    private var walker: ZipWalker

    /// - Parameters:
    ///   - archive: The archive.
    ///   - other: The same archive, for reading the directory meanwhile.
    ///   - rules: Which files are needed.
    /// - Throws: `CLIPError` with code `unreadable` or `unsupportedFormat`.
    init(_ archive: any ArchiveBytes, directoryIn other: any ArchiveBytes, _ rules: MemberRules) throws {
        self.archive = archive
        self.rules = rules
        directory = try ZipDirectory(other)
        walker = ZipWalker(archive)
    }

    mutating func next() throws(ArchiveDamage) -> ArchiveMember? {
        while true {
            do {
                guard let entry = directory == nil ? try walker.next() : try directory?.next() else { return nil }
                if !entry.isFolder { return try member(entry) }
            } catch {
                throw ArchiveDamage(offset: directory?.offset ?? walker.offset, error)
            }
        }
    }

    private func member(_ entry: ZipEntry) throws -> ArchiveMember {
        guard let maximumBytes = rules.maximumBytes(of: entry.path) else { return ArchiveMember(path: entry.path) }
        if let error = refusal(entry, maximumBytes: maximumBytes) {
            return ArchiveMember(path: entry.path, byteCount: entry.byteCount, version: entry.version, error: error)
        }
        var member = ArchiveMember(path: entry.path, byteCount: entry.byteCount, version: entry.version)
        let contents = ZipContents(entry: entry, archive: archive.name)
        if let file = archive as? OpenFile {
            member.contents = .readable { buffer in
                var compressed = [UInt8]()
                let start = try Self.start(of: entry, in: file)
                try file.read(at: start, count: entry.compressedByteCount, into: &compressed)
                try contents.decompress(compressed, into: &buffer)
            }
        } else {
            let compressed: [UInt8]
            do {
                let start = try Self.start(of: entry, in: archive)
                compressed = try archive.read(at: start, count: entry.compressedByteCount)
            } catch let error as CLIPError where error.code == .corruptData {
                return ArchiveMember(path: entry.path, version: entry.version, error: error)
            }
            member.heldByteCount = compressed.count
            member.contents = .readable { try contents.decompress(compressed, into: &$0) }
        }
        return member
    }

    private func refusal(_ entry: ZipEntry, maximumBytes: Int) -> CLIPError? {
        func failure(_ what: String) -> CLIPError { .member(entry.path, of: archive.name, .unsupportedFormat, what) }
        if entry.isEncrypted {
            return failure("it is encrypted; extract the archive with its password and embed the folder")
        }
        if entry.isSymbolicLink { return failure("it is a symbolic link") }
        guard max(entry.byteCount, entry.compressedByteCount) > maximumBytes else { return nil }
        let name = "\(PathText.text(entry.path[...])) in \(archive.name)"
        return .tooLarge(name, byteCount: entry.byteCount, limit: maximumBytes)
    }

    /// The offset of a member's contents, behind its own header.
    private static func start(of entry: ZipEntry, in archive: any ArchiveBytes) throws -> Int {
        let header = try archive.read(at: entry.headerOffset, count: headerBytes)
        guard
            header.starts(with: ZipSignature.member),
            let nameCount = header.number(at: 26, count: 2),
            let extraCount = header.number(at: 28, count: 2)
        else {
            throw CLIPError.member(
                entry.path,
                of: archive.name,
                .corruptData,
                "it is not where the archive's directory says"
            )
        }
        return entry.headerOffset + headerBytes + nameCount + extraCount
    }
}
