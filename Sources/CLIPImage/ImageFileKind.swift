internal import CLIPCore

/// The supported file formats, detected by their first bytes.
enum ImageFileKind {
    case jpeg
    case png
    case webp

    init(of data: [UInt8]) throws(CLIPError) {
        if data.isEmpty {
            throw CLIPError(.corruptData, "The file is empty (0 bytes).")
        } else if data.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if data.starts(with: PNGFile.signature) {
            self = .png
        } else if data.starts(with: "RIFF".utf8), data.dropFirst(8).starts(with: "WEBP".utf8) {
            self = .webp
        } else if Self.isArchive(data) {
            throw CLIPError(
                .unsupportedFormat,
                "This is an archive, not an image. To read the images in it, pass it as a source of its own."
            )
        } else if let name = Self.foreignName(data) {
            throw CLIPError(
                .unsupportedFormat,
                "This is \(name) file, not a JPEG, PNG or WebP image. Convert it to JPEG first."
            )
        } else {
            throw CLIPError(.unsupportedFormat, "This is not a JPEG, PNG or WebP image.")
        }
    }

    /// Whether a file is a tar or zip archive, or compressed like one.
    private static func isArchive(_ data: [UInt8]) -> Bool {
        let starts: [[UInt8]] = [
            [0x50, 0x4B, 3, 4], [0x1F, 0x8B], Array("BZh".utf8), [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0],
            [0x28, 0xB5, 0x2F, 0xFD],
        ]
        return starts.contains { data.starts(with: $0) } || data.dropFirst(257).starts(with: "ustar".utf8)
    }

    /// The name, with its article, of a known but unsupported file format.
    private static func foreignName(_ data: [UInt8]) -> String? {
        let signatures: [(name: String, offset: Int, bytes: [UInt8])] = [
            ("a GIF", 0, Array("GIF8".utf8)),
            ("a BMP", 0, Array("BM".utf8)),
            ("a TIFF", 0, [0x49, 0x49, 0x2A, 0]),
            ("a TIFF", 0, [0x4D, 0x4D, 0, 0x2A]),
            ("an AVIF", 4, Array("ftypavif".utf8)),
            ("an AVIF", 4, Array("ftypavis".utf8)),
            ("a HEIC", 4, Array("ftyphei".utf8)),
            ("a HEIC", 4, Array("ftyphev".utf8)),
            ("a HEIC", 4, Array("ftypmif1".utf8)),
            ("a HEIC", 4, Array("ftypmsf1".utf8)),
            ("a JPEG XL", 0, [0xFF, 0x0A]),
            ("a JPEG XL", 4, Array("JXL ".utf8)),
            ("a PDF", 0, Array("%PDF".utf8)),
        ]
        if let match = signatures.first(where: { data.dropFirst($0.offset).starts(with: $0.bytes) }) {
            return match.name
        }
        let start = data.prefix(1024).drop { $0 == 0x20 || (0x09...0x0D).contains($0) }.prefix(14)
        let text = String(decoding: start, as: UTF8.self).lowercased()
        return text.hasPrefix("<!doctype html") || text.hasPrefix("<html") ? "an HTML" : nil
    }
}
