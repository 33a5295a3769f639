internal import CLIPCore

/// A file in a tar archive.
struct TarMember {
    enum Contents {
        case plain, sparse
        /// A link, whose contents are another file's.
        case link
    }

    let path: [UInt8]
    let contents: Contents
    /// Offset of the contents in the archive.
    let offset: Int
    let byteCount: Int
    /// Seconds since 1970, as text from the archive.
    let modified: String

    /// Replaces the contents of `buffer` with the file's contents.
    ///
    /// - Throws: `CLIPError` with code `unreadable`, `unsupportedFormat`, `limitExceeded` or `corruptData`.
    func read(from archive: OpenFile, maximumBytes: Int, into buffer: inout [UInt8]) throws {
        let name = "\(PathText.text(path[...])) in \(archive.name)"
        func failure(_ code: CLIPError.Code, _ what: String) -> CLIPError {
            CLIPError(code, "Cannot read \(name): \(what).")
        }
        switch contents {
        case .plain: break
        case .sparse: throw failure(.unsupportedFormat, "it is a sparse file; archive it without --sparse")
        case .link:
            throw failure(.unsupportedFormat, "it is a link; archive it with --dereference --hard-dereference")
        }
        guard byteCount <= maximumBytes else {
            throw CLIPError.tooLarge(name, byteCount: byteCount, limit: maximumBytes)
        }
        buffer.removeAll(keepingCapacity: true)
        buffer.append(contentsOf: repeatElement(0, count: byteCount))
        let count = try buffer.withUnsafeMutableBytes { try archive.read(at: offset, into: $0) }
        try archive.requireUnchanged()
        guard count == byteCount else { throw failure(.corruptData, "the archive ends inside it") }
    }
}

/// The position at which a tar archive cannot be read any further.
struct TarDamage: Error {
    /// Offset of the header at the damage.
    let offset: Int
    /// The problem.
    let error: CLIPError
}

/// Iterates over the files of a tar archive, reading only headers.
///
/// Blocks of zeros are skipped, so that concatenated archives are read as one. An archive that does not end with such a
/// block is truncated, even if it ends between two files.
struct TarWalker {
    /// The maximum size of a path or of a member's attributes.
    private static let maximumAttributeBytes = 1 << 20

    let archive: OpenFile
    private var offset = 0
    private var globals = PaxAttributes()
    private var block = [UInt8](repeating: 0, count: TarHeader.blockBytes)
    private var isEnded = false

    init(_ archive: OpenFile) {
        self.archive = archive
    }

    /// The next file or link, or `nil` at the end.
    ///
    /// Folders and devices are skipped.
    ///
    /// - Throws: `TarDamage`, which ends the walk.
    mutating func next() throws(TarDamage) -> TarMember? {
        var attributes = globals
        var longName: [UInt8]?
        var isPrefixed = false
        while true {
            let start = offset
            do {
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
                    try skip(header.byteCount, what: "the target of a link")
                    isPrefixed = true
                case .longName:
                    longName = TarHeader.text(try contents(of: header)[...])
                    isPrefixed = true
                case .file, .sparseFile, .link, .empty, .other:
                    let path = attributes.path ?? longName ?? header.path
                    if let member = try member(header, path: path, attributes) { return member }
                    attributes = globals
                    longName = nil
                    isPrefixed = false
                }
            } catch {
                throw TarDamage(offset: start, error: error as? CLIPError ?? CLIPError(.unreadable, "\(error)"))
            }
        }
    }

    /// Skips a member; `nil` if it is neither a file nor a link.
    private mutating func member(
        _ header: TarHeader,
        path: [UInt8],
        _ attributes: PaxAttributes
    ) throws -> TarMember? {
        var hasExtension = header.hasExtension
        while hasExtension {
            guard try readBlock() else { throw damage("it ends inside the map of a sparse file") }
            hasExtension = block[504] != 0
        }
        let isContained = header.kind != .link && header.kind != .empty
        let byteCount = isContained ? attributes.byteCount ?? header.byteCount : 0
        let start = offset
        try skip(byteCount, what: PathText.text(path[...]))
        let contents: TarMember.Contents
        switch header.kind {
        case .file where path.last == UInt8(ascii: "/"): return nil
        case .file: contents = attributes.isSparse ? .sparse : .plain
        case .sparseFile: contents = .sparse
        case .link: contents = .link
        default: return nil
        }
        let modified = attributes.modified ?? header.modified.map(String.init) ?? ""
        return TarMember(path: path, contents: contents, offset: start, byteCount: byteCount, modified: modified)
    }

    /// Reads the contents of a header that describes other members.
    private mutating func contents(of header: TarHeader) throws -> [UInt8] {
        guard header.byteCount <= Self.maximumAttributeBytes else {
            throw damage("it describes a file in more than \(Self.maximumAttributeBytes) bytes")
        }
        let start = offset
        try skip(header.byteCount, what: "the description of a file")
        var bytes = [UInt8](repeating: 0, count: header.byteCount)
        _ = try bytes.withUnsafeMutableBytes { try archive.read(at: start, into: $0) }
        return bytes
    }

    private mutating func skip(_ byteCount: Int, what: String) throws {
        guard byteCount <= archive.byteCount - offset else {
            throw damage("it ends inside \(what)")
        }
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
        start == 0 ? "it does not start like a tar archive" : "there is no valid header"
    }

    private func damage(_ what: String) -> CLIPError {
        CLIPError(.corruptData, "\(what).")
    }
}
