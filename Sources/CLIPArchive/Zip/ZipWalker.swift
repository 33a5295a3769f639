internal import CLIPCore

/// Iterates over the members of a zip archive without a directory, from the first on.
///
/// An archive whose end is missing has no directory. A member that says its size only behind its contents is
/// decompressed to find its end.
struct ZipWalker {
    private static let headerBytes = 30
    private static let stepBytes = 1 << 18

    private let archive: any ArchiveBytes
    /// Offset of the next member.
    private(set) var offset = 0

    init(_ archive: any ArchiveBytes) {
        self.archive = archive
    }

    /// The next member.
    ///
    /// - Throws: `CLIPError` with code `corruptData` where no complete member follows, `unreadable`.
    mutating func next() throws -> ZipEntry {
        let start = offset
        let header = try archive.read(at: start, count: Self.headerBytes)
        guard header.starts(with: ZipSignature.member) else {
            throw damage(
                start == 0 ? "it does not start like a zip archive" : "its directory is missing or damaged"
            )
        }
        guard
            var fields = ZipFields(header, at: 6),
            let nameCount = header.number(at: 26, count: 2),
            let extraCount = header.number(at: 28, count: 2)
        else { throw damage("it ends inside a header") }
        let rest = try archive.read(at: start + Self.headerBytes, count: nameCount + extraCount)
        guard rest.count == nameCount + extraCount else { throw damage("it ends inside a header") }
        let extra = ZipExtra(Array(rest[nameCount...]))
        var ignored = 0
        guard fields.apply(extra, headerOffset: &ignored) else { throw damage("a header is damaged") }
        let path = ZipName.path(
            Array(rest[..<nameCount]),
            isUTF8: fields.flags & 0x800 != 0,
            extra: extra,
            isFromWindows: false
        )
        let contents = start + Self.headerBytes + rest.count
        var sizes = (fields.compressedByteCount, fields.byteCount, fields.checksum)
        if fields.hasDescriptor, fields.compressedByteCount == 0 {
            guard fields.method == ZipMethod.deflate, fields.flags & 1 == 0 else {
                throw damage("the size of \(PathText.text(path[...])) is unknown")
            }
            sizes = try measure(at: contents, path)
        }
        let end = contents.addingReportingOverflow(sizes.0)
        guard !end.overflow, end.partialValue <= archive.knownByteCount ?? .max else {
            throw damage("it ends inside \(PathText.text(path[...]))")
        }
        offset = end.partialValue + (fields.hasDescriptor ? try descriptorBytes(at: end.partialValue, sizes.0) : 0)
        return ZipEntry(
            path: path,
            flags: fields.flags,
            method: fields.method,
            checksum: sizes.2,
            compressedByteCount: sizes.0,
            byteCount: sizes.1,
            headerOffset: start,
            mode: 0
        )
    }

    /// Decompresses a member to find its sizes and its checksum.
    private func measure(at start: Int, _ path: [UInt8]) throws -> (compressed: Int, plain: Int, checksum: UInt32) {
        let decoder = InflateDecoder(.deflate)
        var output = [UInt8](repeating: 0, count: Self.stepBytes)
        var (compressed, plain, checksum) = (0, 0, CRC32())
        while true {
            let input = try archive.read(at: start + compressed, count: Self.stepBytes)
            guard !input.isEmpty else { throw damage("it ends inside \(PathText.text(path[...]))") }
            var used = 0
            while used < input.count {
                let step = try input.withUnsafeBytes { input in
                    try output.withUnsafeMutableBytes { output in
                        try decoder.decode(UnsafeRawBufferPointer(rebasing: input[used...]), into: output)
                    }
                }
                used += step.consumed
                plain += step.produced
                checksum.add(output[..<step.produced])
                if step.isEnd { return (compressed + used, plain, checksum.value) }
            }
            compressed += used
        }
    }

    /// The length of the record behind a member's contents that says its sizes, in one of four forms.
    private func descriptorBytes(at offset: Int, _ compressedByteCount: Int) throws -> Int {
        let record = try archive.read(at: offset, count: 24)
        let signature = record.starts(with: ZipSignature.descriptor) ? 4 : 0
        if record.number(at: signature + 4, count: 4) == compressedByteCount,
            record.count <= signature + 12 || record.dropFirst(signature + 12).starts(with: [0x50, 0x4B])
        {
            return signature + 12
        }
        return record.number(at: signature + 4, count: 8) == compressedByteCount ? signature + 20 : signature + 12
    }

    private func damage(_ what: String) -> CLIPError { CLIPError(.corruptData, "\(what).") }
}
