internal import CLIPCore

/// Iterates over the files of a tar archive, reading only headers.
///
/// Blocks of zeros are skipped, so that concatenated archives are read as one. An archive that does not end with such a
/// block is truncated, even if it ends between two files.
struct TarWalker {
    /// The maximum size of a path or of a member's attributes.
    private static let maximumAttributeBytes = 1 << 20

    let archive: any ArchiveBytes
    private(set) var offset = 0
    private var globals = PaxAttributes()
    private var block = [UInt8](repeating: 0, count: TarHeader.blockBytes)
    private var isEnded = false

    init(_ archive: any ArchiveBytes) {
        self.archive = archive
    }

    /// The next file or link, or `nil` at the end.
    ///
    /// Folders and devices are skipped.
    ///
    /// - Throws: `ArchiveDamage`, which ends the walk.
    mutating func next() throws(ArchiveDamage) -> TarEntry? {
        var attributes = globals
        var longName: [UInt8]?
        var longLink: [UInt8]?
        var isPrefixed = false
        while true {
            let start = offset
            do {
                try Task.checkCancellation()
                guard try readBlock() else {
                    if isPrefixed { throw damage("it ends where a file's header should follow") }
                    guard isEnded else { throw damage("it ends without the zero blocks that mark the end") }
                    return nil
                }
                isEnded = TarHeader.isZero(block)
                if isEnded {
                    if isPrefixed { throw damage("a file's header is missing") }
                    continue
                }
                guard let header = TarHeader(block) else { throw damage(noHeader(at: start)) }
                switch header.kind {
                case .attributes:
                    guard attributes.apply(try contents(of: header)) else { throw malformedRecords }
                    isPrefixed = true
                case .globalAttributes:
                    guard globals.apply(try contents(of: header)) else { throw malformedRecords }
                    if !isPrefixed { attributes = globals }
                case .longLink:
                    longLink = TarHeader.text(try contents(of: header)[...])
                    isPrefixed = true
                case .longName:
                    longName = TarHeader.text(try contents(of: header)[...])
                    isPrefixed = true
                case .file, .sparseFile, .hardLink, .symbolicLink, .empty, .other:
                    attributes.path = attributes.path ?? longName ?? header.path
                    attributes.linkPath = attributes.linkPath ?? longLink ?? header.linkPath
                    if let entry = try entry(header, at: start, attributes) { return entry }
                    attributes = globals
                    longName = nil
                    longLink = nil
                    isPrefixed = false
                }
            } catch {
                throw ArchiveDamage(offset: start, error)
            }
        }
    }

    /// Skips a member; `nil` if it is neither a file nor a link.
    private mutating func entry(
        _ header: TarHeader,
        at headerOffset: Int,
        _ attributes: PaxAttributes
    ) throws -> TarEntry? {
        var hasExtension = header.hasExtension
        while hasExtension {
            guard try readBlock() else { throw damage("it ends inside the map of a sparse file") }
            hasExtension = block[504] != 0
        }
        let path = attributes.path ?? []
        let contents: TarEntry.Contents? =
            switch header.kind {
            case .file where path.last == UInt8(ascii: "/"): nil
            case .file: attributes.isSparse ? .sparse : .plain
            case .sparseFile: .sparse
            case .hardLink: .hardLink(to: attributes.linkPath ?? [])
            case .symbolicLink: .symbolicLink(to: attributes.linkPath ?? [])
            default: nil
            }
        let isContained = ![.hardLink, .symbolicLink, .empty].contains(header.kind)
        let byteCount = isContained ? attributes.byteCount ?? header.byteCount : 0
        let start = offset
        try skip(byteCount, what: PathText.text(path[...]))
        let modified = attributes.modified ?? header.modified.map(String.init) ?? ""
        return contents.map {
            TarEntry(
                path: path,
                contents: $0,
                headerOffset: headerOffset,
                offset: start,
                byteCount: byteCount,
                modified: modified
            )
        }
    }

    /// Reads the contents of a header that describes other members.
    private mutating func contents(of header: TarHeader) throws -> [UInt8] {
        guard header.byteCount <= Self.maximumAttributeBytes else {
            throw damage("it describes a file in more than \(Self.maximumAttributeBytes) bytes")
        }
        let start = offset
        let what = "the description of a file"
        try skip(header.byteCount, what: what)
        let bytes = try archive.read(at: start, count: header.byteCount)
        guard bytes.count == header.byteCount else { throw damage("it ends inside \(what)") }
        return bytes
    }

    private mutating func skip(_ byteCount: Int, what: String) throws {
        let end = archive.knownByteCount ?? Int.max - TarHeader.blockBytes
        guard byteCount <= end - offset else { throw damage("it ends inside \(what)") }
        // Contents are padded to whole blocks; the last block of an archive may be incomplete.
        let rest = byteCount % TarHeader.blockBytes
        offset += byteCount + (rest == 0 ? 0 : TarHeader.blockBytes - rest)
    }

    /// Reads the next block, padded with zeros at the end of the archive; `false` after the end.
    private mutating func readBlock() throws -> Bool {
        let count = try block.withUnsafeMutableBytes { try archive.read(at: offset, into: $0) }
        guard count > 0 else {
            if offset == 0 { throw damage("it is empty") }
            return false
        }
        for index in count..<block.count { block[index] = 0 }
        offset += block.count
        guard count == block.count || TarHeader.isZero(block) else { throw damage("it ends inside a header") }
        return true
    }

    private var malformedRecords: CLIPError { damage("the pax records are malformed") }

    private func noHeader(at start: Int) -> String {
        start == 0 ? "it is neither a tar nor a zip archive" : "there is no valid header"
    }

    private func damage(_ what: String) -> CLIPError {
        CLIPError(.corruptData, "\(what).")
    }
}
