internal import CLIPCore
internal import CLIPPipeline

/// The directory at the end of a zip archive, which lists its members.
struct ZipDirectory {
    private static let endBytes = 22
    private static let maximumCommentBytes = 65535
    private static let headerBytes = 46

    private let archive: any ArchiveBytes
    /// What to add to offsets: the number of bytes in front of the archive, such as a program that unpacks it.
    private let base: Int
    /// Offset of the next entry.
    private(set) var offset: Int
    private let end: Int

    /// Finds the directory; `nil` if the archive has none, because its end is missing.
    ///
    /// - Throws: `CLIPError` with code `unreadable`; `unsupportedFormat` if it is one of several parts.
    init?(_ archive: any ArchiveBytes) throws {
        guard let byteCount = archive.knownByteCount else { return nil }
        let tailStart = max(0, byteCount - Self.endBytes - Self.maximumCommentBytes)
        let tail = try archive.read(at: tailStart, count: byteCount - tailStart)
        guard let found = Self.lastRecord(in: tail) else { return nil }
        var end = tailStart + found
        var numbers = (disk: tail.number(at: found + 4, count: 2), size: tail.number(at: found + 12, count: 4))
        var start = tail.number(at: found + 16, count: 4)
        if let wide = try Self.wideRecord(archive, before: end) {
            end = wide.offset
            numbers = (wide.bytes.number(at: 16, count: 4), wide.bytes.number(at: 40, count: 8))
            start = wide.bytes.number(at: 48, count: 8)
        }
        guard let disk = numbers.disk, let size = numbers.size, let start else { return nil }
        guard disk == 0 else {
            throw CLIPError(
                .unsupportedFormat,
                "\(archive.name) is the last of several parts. Join them: zip -s 0 \(archive.name.shellWord) --out WHOLE.zip"
            )
        }
        guard size <= end, start <= end - size else { return nil }
        self.archive = archive
        self.end = end
        offset = end - size
        base = end - size - start
    }

    /// The next member, or `nil` at the end.
    ///
    /// - Throws: `CLIPError` with code `unreadable` or `corruptData`.
    mutating func next() throws -> ZipEntry? {
        guard offset < end else { return nil }
        let header = try archive.read(at: offset, count: Self.headerBytes)
        guard
            header.starts(with: ZipSignature.directory),
            var fields = ZipFields(header, at: 8),
            let nameCount = header.number(at: 28, count: 2),
            let extraCount = header.number(at: 30, count: 2),
            let commentCount = header.number(at: 32, count: 2),
            let attributes = header.number(at: 38, count: 4),
            var headerOffset = header.number(at: 42, count: 4)
        else { throw damage }
        let rest = try archive.read(at: offset + Self.headerBytes, count: nameCount + extraCount)
        guard rest.count == nameCount + extraCount else { throw damage }
        let extra = ZipExtra(Array(rest[nameCount...]))
        guard fields.apply(extra, headerOffset: &headerOffset), headerOffset <= end else { throw damage }
        offset += Self.headerBytes + rest.count + commentCount
        let system = header[5]
        return ZipEntry(
            path: ZipName.path(
                Array(rest[..<nameCount]),
                isUTF8: fields.flags & 0x800 != 0,
                extra: extra,
                isFromWindows: system == 0
            ),
            flags: fields.flags,
            method: fields.method,
            checksum: fields.checksum,
            compressedByteCount: fields.compressedByteCount,
            byteCount: fields.byteCount,
            headerOffset: base + headerOffset,
            mode: system == 3 ? attributes >> 16 : 0
        )
    }

    private var damage: CLIPError { CLIPError(.corruptData, "its directory is damaged.") }

    /// The offset of the record that ends an archive, behind which only its comment follows.
    private static func lastRecord(in tail: [UInt8]) -> Int? {
        guard tail.count >= endBytes else { return nil }
        return (0...(tail.count - endBytes)).last { offset in
            tail[offset] == ZipSignature.end[0] && tail[offset...].starts(with: ZipSignature.end)
                && tail.number(at: offset + 20, count: 2).map { offset + endBytes + $0 <= tail.count } == true
        }
    }

    /// The Zip64 record that is named in front of an archive's last record.
    private static func wideRecord(
        _ archive: any ArchiveBytes,
        before end: Int
    ) throws -> (offset: Int, bytes: [UInt8])? {
        let (locatorBytes, recordBytes) = (20, 56)
        guard end >= locatorBytes + recordBytes else { return nil }
        let locator = try archive.read(at: end - locatorBytes, count: locatorBytes)
        guard locator.starts(with: ZipSignature.wideLocator), let named = locator.number(at: 8, count: 8) else {
            return nil
        }
        // With bytes in front of the archive, the record is not where it is said to be.
        for offset in [named, end - locatorBytes - recordBytes] where offset <= end - locatorBytes - recordBytes {
            let bytes = try archive.read(at: offset, count: recordBytes)
            if bytes.starts(with: ZipSignature.wideEnd) { return (offset, bytes) }
        }
        return nil
    }
}

/// What the records of zip archives start with.
enum ZipSignature {
    static let member: [UInt8] = [0x50, 0x4B, 3, 4]
    static let directory: [UInt8] = [0x50, 0x4B, 1, 2]
    static let end: [UInt8] = [0x50, 0x4B, 5, 6]
    static let wideEnd: [UInt8] = [0x50, 0x4B, 6, 6]
    static let wideLocator: [UInt8] = [0x50, 0x4B, 6, 7]
    static let descriptor: [UInt8] = [0x50, 0x4B, 7, 8]
}
