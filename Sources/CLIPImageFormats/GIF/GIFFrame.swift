internal import CLIPCore
internal import CLIPImage

/// The first frame of a GIF file, as its headers describe it.
struct GIFFrame {
    let canvasWidth: Int
    let canvasHeight: Int
    let left: Int
    let top: Int
    let width: Int
    let height: Int
    let isInterlaced: Bool
    /// The index that means transparency, which the canvas around the frame has too.
    let transparentIndex: UInt8?
    /// RGB triples, at most 256; `nil` if indices are grey levels.
    let palette: [UInt8]?
    /// The number of bits of the first codes.
    let codeBits: Int
    /// Where the blocks of codes start.
    let start: Int

    /// Reads the headers and extensions before the first frame.
    ///
    /// - Throws: `CLIPError` with code `corruptData`.
    init(_ data: [UInt8]) throws(CLIPError) {
        func field(_ offset: Int, _ bytes: Int) -> Int? { data[...].number(at: offset, bytes: bytes, .little) }
        guard let width = field(6, 2), let height = field(8, 2), let flags = field(10, 1), data.count > 13 else {
            throw .truncated("GIF", data)
        }
        let globalPalette = Self.palette(data, at: 13, flags)
        var position = 13 + Self.paletteBytes(flags)
        var transparentIndex: UInt8?
        canvasWidth = width
        canvasHeight = height
        while let introducer = field(position, 1), introducer != 0x2C {
            position += 1
            switch introducer {
            case 0x21:
                // A graphic control extension has a block of four bytes: flags, a duration, and the index.
                let isControl = field(position, 1) == 0xF9 && field(position + 1, 1) ?? 0 >= 4
                if isControl, let flags = field(position + 2, 1), flags & 1 == 1 {
                    transparentIndex = field(position + 5, 1).map { UInt8($0) }
                }
                position = GIFBlocks.end(of: data, at: position + 1)
            case 0x3B:
                throw .damaged("GIF", "it has no image")
            default:
                // Bytes between blocks are skipped, as in Pillow.
                break
            }
        }
        guard
            let left = field(position + 1, 2), let top = field(position + 3, 2),
            let frameWidth = field(position + 5, 2),
            let frameHeight = field(position + 7, 2), let frameFlags = field(position + 9, 1),
            let codeBits = field(position + 10 + Self.paletteBytes(frameFlags), 1)
        else { throw .truncated("GIF", data) }
        self.left = left
        self.top = top
        self.width = frameWidth
        self.height = frameHeight
        self.codeBits = codeBits
        self.transparentIndex = transparentIndex
        isInterlaced = frameFlags & 0x40 != 0
        // A palette of the frame that Pillow takes for none leaves the file's.
        palette = Self.palette(data, at: position + 10, frameFlags) ?? globalPalette
        start = position + 11 + Self.paletteBytes(frameFlags)
    }

    private static func paletteBytes(_ flags: Int) -> Int { flags & 0x80 != 0 ? 3 << (flags & 7 + 1) : 0 }

    /// A palette, or `nil` if there is none or each colour is the grey level of its index, which Pillow takes for none.
    private static func palette(_ data: [UInt8], at position: Int, _ flags: Int) -> [UInt8]? {
        let colors = Array(data.dropFirst(position).prefix(paletteBytes(flags)))
        return colors.indices.allSatisfy { Int(colors[$0]) == $0 / 3 } ? nil : colors
    }
}
