internal import CLIPCore

/// A file in a tar archive.
struct TarMember {
    enum Contents {
        case plain, sparse
        /// None: the contents are another file's.
        case link
    }

    let path: [UInt8]
    let contents: Contents
    /// Where the contents start in the archive.
    let offset: Int
    let byteCount: Int
    /// Seconds since 1970, as far as the archive tells.
    let modified: String

    /// Replaces what is in `buffer` with the contents.
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
        guard count == byteCount else { throw failure(.corruptData, "the archive ends within it") }
    }
}

/// Where a tar archive cannot be read any further.
struct TarDamage: Error {
    /// Where the header is at which it happened.
    let offset: Int
    /// What is wrong.
    let error: CLIPError
}

/// Walks over the files of a tar archive, reading nothing but headers.
///
/// Blocks of zeros are skipped, so that archives that were put behind each other are read as one. One that does not end
/// with such a block was cut off, even where that is between two files.
struct TarWalker {
    /// A path, or all attributes of a member, have at most this size.
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
    /// - Throws: `TarDamage`, after which the walk is over.
    mutating func next() throws(TarDamage) -> TarMember? {
        var attributes = globals
        var longName: [UInt8]?
        var isPrefixed = false
        while true {
            let start = offset
            do {
                guard try readBlock() else {
                    if isPrefixed { throw damage("it ends where a file's header should follow") }
                    guard isEnded else { throw damage("it ends without the blocks of zeros that mark the end") }
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

    /// Steps over a member; `nil` when it is neither a file nor a link.
    private mutating func member(
        _ header: TarHeader,
        path: [UInt8],
        _ attributes: PaxAttributes
    ) throws -> TarMember? {
        var hasExtension = header.hasExtension
        while hasExtension {
            guard try readBlock() else { throw damage("it ends within the map of a sparse file") }
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

    /// Reads what follows a header that describes other headers.
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
            throw damage("it ends within \(what)")
        }
        // Contents fill whole blocks; the last one of an archive may be cut off.
        let rest = byteCount % TarHeader.blockBytes
        offset += byteCount + (rest == 0 ? 0 : TarHeader.blockBytes - rest)
    }

    /// Reads the next block, filled up with zeros at the end of the archive; `false` behind it.
    private mutating func readBlock() throws -> Bool {
        let count = try block.withUnsafeMutableBytes { try archive.read(at: offset, into: $0) }
        guard count > 0 else {
            if offset == 0 { throw damage("it is empty") }
            return false
        }
        for index in count..<block.count { block[index] = 0 }
        offset += block.count
        guard count == block.count || TarHeader.isZero(block) else { throw damage("it ends within a header") }
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
