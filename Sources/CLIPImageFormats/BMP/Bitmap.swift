internal import CLIPCore
internal import CLIPImage

/// The header of a device-independent bitmap: an OS/2 or Windows header, the masks and the palette after it.
///
/// BMP files have one after their file header, and icons one for each image.
struct Bitmap {
    /// How a row is stored.
    enum Layout {
        /// Indices of 1, 2, 4 or 8 bits.
        case indices(bits: Int)
        /// Runs of indices of 4 or 8 bits.
        case runs(bits: Int)
        /// Numbers of 16 bits, with the given number of bits for green; five each for red and blue.
        case packed(green: Int)
        /// Bytes at the given positions of each pixel.
        case bytes(step: Int, red: Int, green: Int, blue: Int, alpha: Int?)
    }

    let width: Int
    /// The number of rows, which in an icon includes those of the mask.
    let height: Int
    /// Whether the first row is the top one.
    let isTopDown: Bool
    let layout: Layout
    let format: PixelImage.Format
    /// RGB triples, at most 256.
    let palette: [UInt8]
    /// Where the pixels start in the file.
    let start: Int
    let bitsPerPixel: Int

    /// Reads a header.
    ///
    /// - Parameters:
    ///   - data: The file.
    ///   - position: The start of the header.
    ///   - start: Where the pixels start according to the file header; 0 means after the palette.
    /// - Throws: `CLIPError` with code `corruptData` or `unsupportedFormat`.
    init(_ data: [UInt8], at position: Int, pixels start: Int) throws(CLIPError) {
        var fields = BitmapFields(data, at: position)
        guard fields.isComplete else { throw .truncated("BMP", data) }
        guard fields.hasKnownSize else { throw .unsupported("BMP", "a header of \(fields.size) bytes") }
        guard fields.width > 0, fields.height > 0 else {
            throw .damaged("BMP", "its header says \(fields.width) × \(fields.height) pixels")
        }
        let layout = try Self.layout(&fields)
        let palette = fields.bits <= 8 ? fields.readPalette() : []
        width = fields.width
        height = fields.height
        isTopDown = fields.isTopDown
        bitsPerPixel = fields.bits
        self.layout = layout
        self.palette = palette
        format = Self.format(layout, palette: palette)
        if fields.bits <= 8, start == position + fields.size {
            self.start = start + fields.paletteBytes
        } else {
            self.start = start == 0 ? fields.end : start
        }
    }

    /// The number of bytes from one row to the next.
    var rowBytes: Int { (width * bitsPerPixel + 31) >> 3 & ~3 }

    private static func layout(_ fields: inout BitmapFields) throws(CLIPError) -> Layout {
        switch (fields.compression, fields.bits) {
        case (0, 1), (0, 4), (0, 8): .indices(bits: fields.bits)
        case (1, 1), (1, 4), (1, 8): .runs(bits: 8)
        case (2, 1), (2, 4), (2, 8): .runs(bits: 4)
        case (0, 16): .packed(green: 5)
        case (0, 24): .bytes(step: 3, red: 2, green: 1, blue: 0, alpha: nil)
        case (0, 32): .bytes(step: 4, red: 2, green: 1, blue: 0, alpha: nil)
        case (3, 16), (3, 24), (3, 32): try layout(masks: fields.readMasks(), bits: fields.bits)
        case (0...3, _): throw .unsupported("BMP", "\(fields.bits) bits per pixel")
        default: throw .unsupported("BMP", "compression \(fields.compression)")
        }
    }

    /// The layouts that Pillow reads: five or six bits in 16, whole bytes in 24 and 32.
    private static func layout(masks: [Int], bits: Int) throws(CLIPError) -> Layout {
        switch (bits, masks[0], masks[1], masks[2], masks[3]) {
        case (16, 0xF800, 0x7E0, 0x1F, _): return .packed(green: 6)
        case (16, 0x7C00, 0x3E0, 0x1F, _): return .packed(green: 5)
        case (24, 0xFF0000, 0xFF00, 0xFF, _): return .bytes(step: 3, red: 2, green: 1, blue: 0, alpha: nil)
        case (32, 0, 0, 0, 0): return .bytes(step: 4, red: 2, green: 1, blue: 0, alpha: 3)
        default: break
        }
        let bytes = masks.map { mask in (0..<4).first { mask == 0xFF << (8 * $0) } }
        let hasAlpha = masks[3] != 0
        guard bits == 32, let red = bytes[0], let green = bytes[1], let blue = bytes[2], !hasAlpha || bytes[3] != nil
        else {
            throw .unsupported("BMP", "bit fields of an unusual layout")
        }
        return .bytes(step: 4, red: red, green: green, blue: blue, alpha: bytes[3])
    }

    private static func format(_ layout: Layout, palette: [UInt8]) -> PixelImage.Format {
        switch layout {
        case .indices(1) where palette == [0, 0, 0, 255, 255, 255]: return .bilevel
        case .indices, .runs:
            let isGray = palette.count == 768 && palette.indices.allSatisfy { palette[$0] == UInt8($0 / 3) }
            return isGray ? .gray : .palette
        case .packed, .bytes(_, _, _, _, nil): return .rgb
        case .bytes: return .rgba
        }
    }
}
