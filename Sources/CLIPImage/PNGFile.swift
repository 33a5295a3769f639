internal import CLIPCore
internal import CPNG

/// A PNG file, decoded with libpng.
struct PNGFile: ImageFile {
    static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    let width: Int
    let height: Int
    let format: PixelImage.Format
    private let data: [UInt8]

    /// Reads the header chunk.
    init(_ data: [UInt8]) throws(CLIPError) {
        let header = data.dropFirst(Self.signature.count)
        guard
            header.number(at: 0, bytes: 4, .big) == 13,
            header.dropFirst(4).starts(with: "IHDR".utf8),
            let width = header.number(at: 8, bytes: 4, .big),
            let height = header.number(at: 12, bytes: 4, .big),
            let depth = header.number(at: 16, bytes: 1, .big),
            let color = header.number(at: 17, bytes: 1, .big)
        else {
            throw CLIPError(.corruptData, "The PNG file has no complete header: it is truncated or damaged.")
        }
        guard width > 0, height > 0, let format = Self.format(color: color, depth: depth) else {
            throw CLIPError(
                .corruptData,
                "The PNG header is damaged: \(width) × \(height) pixels, colour type \(color), \(depth) bits."
            )
        }
        self.width = width
        self.height = height
        self.format = format
        self.data = data
    }

    /// The format that Pillow uses for the image, or `nil` for a combination that the PNG specification does not allow.
    private static func format(color: Int, depth: Int) -> PixelImage.Format? {
        switch (color, depth) {
        case (0, 1): .bilevel
        case (0, 2), (0, 4), (0, 8): .gray
        case (0, 16): .gray16
        case (2, 8), (2, 16): .rgb
        case (3, 1), (3, 2), (3, 4), (3, 8): .palette
        case (4, 8): .grayAlpha
        case (4, 16), (6, 8), (6, 16): .rgba
        default: nil
        }
    }

    /// The orientation from the `eXIf` chunk.
    var orientation: EXIFOrientation {
        var chunk = data.dropFirst(Self.signature.count)
        while let length = chunk.number(at: 0, bytes: 4, .big) {
            if chunk.dropFirst(4).starts(with: "eXIf".utf8) {
                return EXIFOrientation(exif: chunk.dropFirst(8).prefix(length))
            }
            chunk = chunk.dropFirst(length + 12)
        }
        return .upright
    }

    /// Three rows of at most eight bytes per pixel; interlaced passes are combined in the image's own pixels.
    func codecMemory() -> DecodingMemory {
        DecodingMemory(bytes: 24) * width
    }

    func decode(into image: inout PixelImage, _: JPEGDecompressor, allowTruncated: Bool) throws(CLIPError) {
        try image.replace(width: width, height: height, format: format) { (pixels, palette) throws(CLIPError) in
            // Rows that are missing from a truncated file stay zero.
            if allowTruncated { pixels.update(repeating: 0) }
            try decode(to: pixels, palette, allowTruncated: allowTruncated)
        }
    }

    private func decode(
        to pixels: UnsafeMutableBufferPointer<UInt8>,
        _ palette: UnsafeMutableBufferPointer<UInt8>,
        allowTruncated: Bool
    ) throws(CLIPError) {
        var message = [CChar](repeating: 0, count: 128)
        var rows = 0
        guard let start = pixels.baseAddress else { return }
        let status = data.withUnsafeBufferPointer { data in
            data.baseAddress.map {
                cpng_decode(
                    $0,
                    data.count,
                    start,
                    pixels.count,
                    // All empty arrays share one base address.
                    palette.isEmpty ? nil : palette.baseAddress,
                    palette.count,
                    &rows,
                    &message,
                    message.count
                )
            } ?? CPNG_TRUNCATED
        }
        switch status {
        case CPNG_OK:
            break
        case CPNG_TRUNCATED where allowTruncated && rows > 0:
            break
        case CPNG_TRUNCATED:
            throw CLIPError(.corruptData, "The PNG file is truncated: it ends after \(data.count) bytes.")
        default:
            let text = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            throw CLIPError(.corruptData, "The PNG file is damaged: \(String(decoding: text, as: UTF8.self)).")
        }
    }
}
