/// What a file is by its first bytes, as far as it matters for reading images.
package enum FileKind: Sendable {
    case image
    case parquet
    case archive
    case text
    case other

    /// Determines the kind of a file; its first 1,024 bytes are enough.
    package init(_ bytes: UnsafeRawBufferPointer) {
        func matches(_ signature: (offset: Int, bytes: [UInt8])) -> Bool {
            bytes.dropFirst(signature.offset).starts(with: signature.bytes)
        }
        if Self.images.contains(where: matches) {
            self = .image
        } else if bytes.starts(with: "PAR1".utf8) {
            self = .parquet
        } else if Self.archives.contains(where: matches) {
            self = .archive
        } else {
            self = Self.isText(bytes.prefix(1024)) ? .text : .other
        }
    }

    /// What to do with a file that was taken for an image; `nil` if nothing is known about it.
    var advice: String? {
        switch self {
        case .image, .other: nil
        case .parquet: "It is a Parquet table, which is read as a source of its own: pass it to 'embed' directly."
        case .archive: "It is an archive, which is read as a source of its own: pass it to 'embed' directly."
        case .text:
            "It is text. A list of images, one per line, is read with --files-from; a table must be named .csv or .tsv."
        }
    }

    private static let images: [(offset: Int, bytes: [UInt8])] = [
        (0, [0xFF, 0xD8, 0xFF]), (0, [0x89, 0x50, 0x4E, 0x47]), (8, Array("WEBP".utf8)), (0, Array("GIF8".utf8)),
        (0, [0x49, 0x49, 0x2A, 0]), (0, [0x4D, 0x4D, 0, 0x2A]), (0, [0x49, 0x49, 0x2B, 0]), (0, [0x4D, 0x4D, 0, 0x2B]),
        (4, Array("ftyp".utf8)), (0, [0xFF, 0x0A]), (4, Array("JXL ".utf8)), (4, Array("jP  ".utf8)),
        (0, [0xFF, 0x4F, 0xFF, 0x51]), (0, [0, 0, 1, 0]), (0, Array("BM".utf8)),
    ]

    private static let archives: [(offset: Int, bytes: [UInt8])] = [
        (257, Array("ustar".utf8)), (0, [0x50, 0x4B, 3, 4]), (0, [0x1F, 0x8B]), (0, Array("BZh".utf8)),
        (0, [0xFD, 0x37, 0x7A, 0x58, 0x5A]), (0, [0x28, 0xB5, 0x2F, 0xFD]), (0, [0x37, 0x7A, 0xBC, 0xAF]),
        (0, Array("Rar!".utf8)),
    ]

    /// Whether bytes are UTF-8 without control characters and no web page.
    ///
    /// The last character may be cut.
    private static func isText(_ bytes: Slice<UnsafeRawBufferPointer>) -> Bool {
        guard let first = bytes.first(where: { $0 > 0x20 }), first != UInt8(ascii: "<") else { return false }
        let hasControls = bytes.contains { $0 < 0x20 && !(0x09...0x0D).contains($0) }
        return !hasControls
            && (0..<4).contains { String(validating: bytes.dropLast($0), as: UTF8.self) != nil }
    }
}
