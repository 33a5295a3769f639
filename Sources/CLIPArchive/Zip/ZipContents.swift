internal import CLIPCore

/// Compression methods of zip archives.
enum ZipMethod {
    static let stored = 0
    static let deflate = 8

    /// A decoder for a method; `nil` if it is not supported.
    static func decoder(_ method: Int) -> (any StreamDecoder)? {
        switch method {
        case deflate: InflateDecoder(.deflate)
        case 12: BZip2Decoder()
        case 20, 93: ZstdDecoder()
        case 95: XZDecoder()
        default: nil
        }
    }
}

/// Decompresses the members of zip archives.
struct ZipContents: Sendable {
    private static let firstBytes = 1 << 20

    let entry: ZipEntry
    /// The archive's name.
    let archive: String

    /// Replaces the contents of `buffer` with the member's contents.
    ///
    /// Memory grows with the decompressed bytes, up to the size in the directory.
    ///
    /// - Throws: `CLIPError` with code `corruptData` or `unsupportedFormat`.
    func decompress(_ compressed: [UInt8], into buffer: inout [UInt8]) throws {
        guard compressed.count == entry.compressedByteCount else { throw failure("the archive ends inside it") }
        if entry.method == ZipMethod.stored {
            buffer = compressed
        } else {
            guard let decoder = ZipMethod.decoder(entry.method) else {
                throw CLIPError.member(
                    entry.path,
                    of: archive,
                    .unsupportedFormat,
                    "it is compressed with method \(entry.method); extract the archive and embed the folder"
                )
            }
            try decompress(compressed, with: decoder, into: &buffer)
        }
        guard buffer.count == entry.byteCount else { throw failure("it does not have the size in the directory") }
        guard CRC32.checksum(of: buffer) == entry.checksum else { throw failure("its checksum is wrong") }
    }

    private func decompress(
        _ compressed: [UInt8],
        with decoder: any StreamDecoder,
        into buffer: inout [UInt8]
    ) throws {
        buffer.removeAll(keepingCapacity: true)
        var (used, filled, isEnd) = (0, 0, false)
        while !isEnd, filled <= entry.byteCount {
            if filled == buffer.count {
                // One byte more than expected shows that there are too many.
                let room = min(max(Self.firstBytes, buffer.count), entry.byteCount - buffer.count + 1)
                buffer.append(contentsOf: repeatElement(0, count: room))
            }
            let step = try compressed.withUnsafeBytes { input in
                try buffer.withUnsafeMutableBytes { output in
                    do {
                        return try decoder.decode(
                            UnsafeRawBufferPointer(rebasing: input[used...]),
                            into: UnsafeMutableRawBufferPointer(rebasing: output[filled...])
                        )
                    } catch let error as CLIPError {
                        throw CLIPError.member(entry.path, of: archive, error.code, "its data is damaged")
                    }
                }
            }
            used += step.consumed
            filled += step.produced
            isEnd = step.isEnd
            if step.consumed == 0, step.produced == 0 { break }
        }
        buffer.removeSubrange(filled...)
    }

    private func failure(_ what: String) -> CLIPError { .member(entry.path, of: archive, .corruptData, what) }
}
