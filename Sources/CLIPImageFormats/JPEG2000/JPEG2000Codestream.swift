internal import CLIPCore
internal import CLIPImage

/// The headers of a JPEG 2000 codestream (ISO 15444-1, annex A), as far as they determine sizes.
struct JPEG2000Codestream {
    static let signature: [UInt8] = [0xFF, 0x4F, 0xFF, 0x51]

    struct Component {
        let bits: Int
        let columnStep: Int
        let rowStep: Int
    }

    let width: Int
    let height: Int
    let tileWidth: Int
    let tileHeight: Int
    let tileCount: Int
    let components: [Component]
    /// How finely the file divides its components, in the finest of its coding styles.
    private(set) var coding = JPEG2000CodingStyle()

    /// Reads the headers of the image and of its tiles.
    ///
    /// - Parameters:
    ///   - data: The codestream.
    ///   - file: The file that contains it.
    /// - Throws: `CLIPError` with code `corruptData`.
    init(_ data: ArraySlice<UInt8>, of file: [UInt8]) throws(CLIPError) {
        guard data.starts(with: Self.signature) else { throw .damaged("JPEG 2000", "it has no codestream") }
        func field(_ offset: Int, _ bytes: Int) -> Int? { data.number(at: offset, bytes: bytes, .big) }
        guard
            let right = field(8, 4), let bottom = field(12, 4), let left = field(16, 4), let top = field(20, 4),
            let tileWidth = field(24, 4), let tileHeight = field(28, 4), let tileLeft = field(32, 4),
            let tileTop = field(36, 4), let count = field(40, 2), let length = field(4, 2),
            data.count >= 42 + 3 * count
        else { throw .truncated("JPEG 2000", file) }
        guard right > left, bottom > top, tileWidth > 0, tileHeight > 0, tileLeft <= left, tileTop <= top, count > 0,
            length == 38 + 3 * count
        else { throw .damaged("JPEG 2000", "its header has no size") }
        width = right - left
        height = bottom - top
        self.tileWidth = min(tileWidth, width)
        self.tileHeight = min(tileHeight, height)
        let columns = (right - tileLeft - 1) / tileWidth + 1
        let rows = (bottom - tileTop - 1) / tileHeight + 1
        let (tiles, overflows) = columns.multipliedReportingOverflow(by: rows)
        tileCount = overflows ? .max : tiles
        components = (0..<count).map { index in
            let start = data.startIndex + 42 + 3 * index
            return Component(
                bits: Int(data[start] & 0x7F) + 1,
                columnStep: max(1, Int(data[start + 1])),
                rowStep: max(1, Int(data[start + 2]))
            )
        }
        readCodingStyles(data.dropFirst(4 + length))
    }

    /// Reads the coding styles in the main header and in those of the tiles.
    private mutating func readCodingStyles(_ data: ArraySlice<UInt8>) {
        var rest = data
        var tilePart: ArraySlice<UInt8>?
        while let marker = rest.number(at: 0, bytes: 2, .big), let length = rest.number(at: 2, bytes: 2, .big) {
            let content = rest.dropFirst(4).prefix(max(0, length - 2))
            switch marker {
            case 0xFF52:
                coding.refine(bySegment: content)
            case 0xFF53:
                coding.refine(byComponentSegment: content.dropFirst(components.count < 257 ? 1 : 2))
            case 0xFF90:
                tilePart = rest
            case 0xFF93:
                // The data follows; the length of the tile-part leads to the next.
                guard let start = tilePart, let size = start.number(at: 6, bytes: 4, .big), size >= 14 else { return }
                rest = start.dropFirst(size)
                tilePart = nil
                continue
            default:
                break
            }
            guard length >= 2 else { return }
            rest = rest.dropFirst(2 + length)
        }
    }
}
