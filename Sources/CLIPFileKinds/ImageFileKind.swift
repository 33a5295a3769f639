/// The kinds of images, and of files that are often taken for one, known by their first bytes, whether or not they can be
/// read.
package enum ImageFileKind: Sendable, CaseIterable {
    case jpeg
    case png
    case webp
    case gif
    case bmp
    case ico
    case tiff
    case pnm
    case jpeg2000
    case avif
    case heif
    case jpegXL
    case pdf
    case html

    /// The number of bytes that tell the kind.
    private static let startBytes = 1024

    /// The kind of a file, or `nil` if it is unknown; its first 1,024 bytes are enough.
    package init?(of data: some Collection<UInt8>) {
        let start = Array(data.prefix(Self.startBytes))
        guard let kind = Self.allCases.first(where: { $0.isRecognized(in: start) }) else { return nil }
        self = kind
    }

    package var isImage: Bool { self != .pdf && self != .html }

    /// The name, to be written before "file" or "image".
    package var name: String {
        switch self {
        case .jpeg: "JPEG"
        case .png: "PNG"
        case .webp: "WebP"
        case .gif: "GIF"
        case .bmp: "BMP"
        case .ico: "ICO"
        case .tiff: "TIFF"
        case .pnm: "PNM"
        case .jpeg2000: "JPEG 2000"
        case .avif: "AVIF"
        case .heif: "HEIC"
        case .jpegXL: "JPEG XL"
        case .pdf: "PDF"
        case .html: "HTML"
        }
    }

    /// The indefinite article for the name.
    package var article: String {
        switch self {
        case .ico, .avif, .html: "an"
        default: "a"
        }
    }

    private func isRecognized(in data: [UInt8]) -> Bool {
        func has(_ bytes: [UInt8], at offset: Int = 0) -> Bool { data.dropFirst(offset).starts(with: bytes) }
        func has(_ text: String, at offset: Int = 0) -> Bool { data.dropFirst(offset).starts(with: text.utf8) }
        switch self {
        case .jpeg: return has([0xFF, 0xD8, 0xFF])
        case .png: return has([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        case .webp: return has("RIFF") && has("WEBP", at: 8)
        case .gif: return has("GIF87a") || has("GIF89a")
        // After a file header of 14 bytes comes the size of the header, which is small. Texts may start with BM too.
        case .bmp: return has("BM") && (data.count < 18 || has([0, 0], at: 16)) || Self.hasBitmapHeader(data)
        case .ico: return has([0, 0, 1, 0])
        case .tiff: return ["II*\0", "II+\0", "MM\0*", "MM\0+"].contains { has($0) }
        case .pnm: return Self.hasPortableMapHeader(data)
        case .jpeg2000:
            return has([0xFF, 0x4F, 0xFF, 0x51]) || has("\0\0\0\u{0C}jP  \r\n") && has([0x87, 0x0A], at: 10)
        case .avif: return ["avif", "avis"].contains { has("ftyp" + $0, at: 4) }
        case .heif: return ["hei", "hev", "mif1", "msf1"].contains { has("ftyp" + $0, at: 4) }
        case .jpegXL: return has([0xFF, 0x0A]) || has("JXL ", at: 4)
        case .pdf: return has("%PDF")
        case .html: return Self.startsAsHTML(data)
        }
    }

    /// Whether a file starts with the header of a device-independent bitmap, as BMP files do after their file header.
    private static func hasBitmapHeader(_ data: [UInt8]) -> Bool {
        guard let size = data.first, [12, 40, 52, 56, 64, 108, 124].contains(size) else { return false }
        let planes = size == 12 ? 8 : 12
        return data.starts(with: [size, 0, 0, 0]) && data.dropFirst(planes).starts(with: [1, 0])
    }

    /// Whether a file starts with `P` and a type of PNM image, followed by white space.
    private static func hasPortableMapHeader(_ data: [UInt8]) -> Bool {
        guard data.count > 2, data[0] == UInt8(ascii: "P") else { return false }
        return "123456f".utf8.contains(data[1]) && (data[2] == 0x20 || (0x09...0x0D).contains(data[2]))
    }

    private static func startsAsHTML(_ data: [UInt8]) -> Bool {
        let start = data.drop { $0 == 0x20 || (0x09...0x0D).contains($0) }.prefix(14)
        let text = String(decoding: start, as: UTF8.self).lowercased()
        return text.hasPrefix("<!doctype html") || text.hasPrefix("<html")
    }
}
