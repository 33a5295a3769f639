internal import CLIPCore
internal import CLIPImage

/// What a JPEG 2000 file says of its pixels: the boxes of a JP2 file, and the main header of the codestream.
struct JPEG2000Header {
    /// The enumerated colour spaces of ISO 15444 that change how pixels are read.
    private enum ColorSpace {
        static let cmyk = 12
        static let ycc = 18
        /// These make a palette be ignored, as in Pillow: bi-level and grey.
        static let withoutPalette = [0, 15, 17]
    }

    let codestream: JPEG2000Codestream
    /// RGB triples, if the file has a palette.
    let palette: [UInt8]?
    private let colorSpace: Int?

    init(_ data: [UInt8]) throws(CLIPError) {
        guard !data.starts(with: JPEG2000Codestream.signature) else {
            codestream = try JPEG2000Codestream(data[...], of: data)
            self.palette = nil
            self.colorSpace = nil
            return
        }
        var colorSpace: Int?
        var palette: [UInt8]?
        for box in MediaBox.all(in: data[...], mayBeCut: true) {
            switch box.type {
            case "jp2h":
                for box in MediaBox.all(in: box.content, mayBeCut: true) {
                    if box.type == "colr", box.content.first == 1 {
                        colorSpace = colorSpace ?? box.content.number(at: 3, bytes: 4, .big)
                    } else if box.type == "pclr" {
                        palette = Self.palette(box.content)
                    }
                }
            case "jp2c":
                self.colorSpace = colorSpace
                codestream = try JPEG2000Codestream(box.content, of: data)
                let isUsed = codestream.components.count <= 2 && !ColorSpace.withoutPalette.contains(colorSpace ?? -1)
                self.palette = isUsed ? palette : nil
                return
            default:
                continue
            }
        }
        throw .truncated("JPEG 2000", data)
    }

    /// Whether the first three components are luma and chroma.
    var isLumaChroma: Bool {
        guard codestream.components.count >= 3 else { return false }
        if let colorSpace, [ColorSpace.cmyk, ColorSpace.ycc, 16, 17].contains(colorSpace) {
            return colorSpace == ColorSpace.ycc
        }
        let subsampled = codestream.components.firstIndex { $0.columnStep != 1 || $0.rowStep != 1 }
        return subsampled == 1 || subsampled == 2
    }

    /// The pixel format; `nil` for a number of components that is not read.
    var format: PixelImage.Format? {
        switch codestream.components.count {
        case 1: palette != nil ? .palette : codestream.components[0].bits > 8 ? .gray16 : .gray
        case 2: palette != nil ? .palette : .grayAlpha
        case 3: .rgb
        case 4: colorSpace == ColorSpace.cmyk ? .cmyk : .rgba
        default: nil
        }
    }

    /// The first three columns of a palette of at most 256 entries with at most 8 bits.
    private static func palette(_ box: ArraySlice<UInt8>) -> [UInt8]? {
        guard
            let entries = box.number(at: 0, bytes: 2, .big), let columns = box.number(at: 2, bytes: 1, .big),
            1...256 ~= entries, columns >= 3, box.count >= 3 + columns + entries * columns,
            box.dropFirst(3).prefix(columns).allSatisfy({ $0 <= 8 })
        else { return nil }
        let values = box.dropFirst(3 + columns)
        return (0..<entries).flatMap { entry in values.dropFirst(entry * columns).prefix(3) }
    }
}
