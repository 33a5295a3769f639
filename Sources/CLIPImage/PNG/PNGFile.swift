internal import CLIPCore
internal import CPNG

/// A PNG file, decoded with libpng.
struct PNGFile: ImageFile {
    static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    let width: Int
    let height: Int
    let format: PixelImage.Format
    private let bitsPerPixel: Int
    private let isInterlaced: Bool
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
            let color = header.number(at: 17, bytes: 1, .big),
            let interlacing = header.number(at: 20, bytes: 1, .big)
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
        bitsPerPixel = depth * (color == 3 ? 1 : [1, 1, 3, 1, 2, 1, 4][color])
        isInterlaced = interlacing != 0
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

    private var chunks: PNGChunks { PNGChunks(data.dropFirst(Self.signature.count)) }

    /// The orientation from EXIF or XMP data in any chunk.
    var orientation: EXIFOrientation { EXIFOrientation(EmbeddedMetadata(chunks)) }

    /// Three rows of at most eight bytes per pixel; interlaced passes are combined in the image's own pixels.
    func codecMemory() -> DecodingMemory {
        DecodingMemory(bytes: 24) * width
    }

    func decode(into image: inout PixelImage, allowTruncated: Bool) throws(CLIPError) {
        let survey = try PNGSurvey(chunks)
        var damage = survey.damage
        try image.replace(width: width, height: height, format: format) { (pixels, palette) throws(CLIPError) in
            damage = try decode(to: pixels, allowTruncated: allowTruncated) ?? damage
            if format == .palette { damage = try Self.copy(survey.palette, to: palette) ?? damage }
        }
        image.damage = damage
    }

    /// Copies a palette; without one, all colours are black.
    ///
    /// - Returns: What is wrong with the palette, if anything.
    private static func copy(
        _ entries: ArraySlice<UInt8>?,
        to palette: UnsafeMutableBufferPointer<UInt8>
    ) throws(CLIPError) -> String? {
        guard let entries, entries.count >= 3 else { return "the palette is missing, so all pixels are black" }
        guard entries.count / 3 <= 256 else {
            throw .damaged("PNG", "its palette has more than 256 entries")
        }
        _ = palette.update(fromContentsOf: entries.prefix(entries.count / 3 * 3))
        return entries.count % 3 == 0 ? nil : "the last entry of the palette is incomplete"
    }

    /// Decodes the pixels; what is missing of them is zero.
    ///
    /// - Returns: What is wrong with the image data, if anything.
    private func decode(
        to pixels: UnsafeMutableBufferPointer<UInt8>,
        allowTruncated: Bool
    ) throws(CLIPError) -> String? {
        if allowTruncated { pixels.update(repeating: 0) }
        let first = Attempt(data, to: pixels)
        switch first.status {
        case CPNG_OK: return nil
        case CPNG_TRUNCATED where allowTruncated && first.rows > 0: return "the file ends within its image data"
        case CPNG_TRUNCATED:
            throw .truncated("PNG", data)
        default: break
        }
        if Attempt(data, to: pixels, largestWindow: true).status == CPNG_OK {
            return "the compressed image data refers further back than its header allows"
        }
        let rows = PNGStream.rowBytes(
            width: width,
            height: height,
            bitsPerPixel: bitsPerPixel,
            isInterlaced: isInterlaced
        )
        if PNGStream.endsAfterCompleteRows(chunks, rowBytes: rows) {
            pixels.update(repeating: 0)
            if Attempt(data, to: pixels, largestWindow: true).rows > 0 {
                return "the image data ends before the last row; the missing pixels are zero"
            }
        }
        throw .damaged("PNG", first.message)
    }
}

/// The result of decoding with libpng.
private struct Attempt {
    private(set) var status = CPNG_TRUNCATED
    private(set) var rows = 0
    private(set) var message = ""

    init(_ data: [UInt8], to pixels: UnsafeMutableBufferPointer<UInt8>, largestWindow: Bool = false) {
        guard let target = pixels.baseAddress else { return }
        let window: Int32 = largestWindow ? 1 : 0
        var text = [CChar](repeating: 0, count: 128)
        status = data.withUnsafeBufferPointer { data in
            data.baseAddress.map {
                cpng_decode($0, data.count, window, target, pixels.count, &rows, &text, text.count)
            } ?? CPNG_TRUNCATED
        }
        message = text.withUnsafeBytes(String.init(cMessage:))
    }
}
