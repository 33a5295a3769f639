internal import CLIPFileKinds

/// What a file is by its first bytes, as far as it matters for reading images.
package enum FileKind: Sendable {
    case image
    case parquet
    case archive
    /// An archive of a kind that is not read.
    case foreignArchive
    case text
    case other

    /// Determines the kind of a file; its first 1,024 bytes are enough.
    package init(_ bytes: UnsafeRawBufferPointer) {
        if let kind = ImageFileKind(of: bytes), kind.isImage {
            self = .image
        } else if bytes.starts(with: "PAR1".utf8) {
            self = .parquet
        } else if let signature = ArchiveSignature(bytes) {
            self = Self.isRead(signature) ? .archive : .foreignArchive
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
        case .foreignArchive: "It is an archive of a kind that is not supported: unpack it first."
        case .text:
            "It is text. A list of images, one per line, is read with --files-from; a table must be named .csv or .tsv."
        }
    }

    private static func isRead(_ signature: ArchiveSignature) -> Bool {
        switch signature {
        case .zip, .gzip, .bzip2, .xz, .zstd, .tar: true
        case .lz4, .lzip, .compress, .sevenZip, .rar: false
        }
    }

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
