internal import CLIPCore
internal import CLIPImage

/// An image that is composed of equal tiles.
struct HEIFGrid {
    let rows: Int
    let columns: Int
    let width: Int
    let height: Int

    init(_ bytes: ArraySlice<UInt8>) throws(CLIPError) {
        var fields = MediaBoxFields(rest: bytes, type: "grid")
        _ = try fields.number(1)
        let size = try fields.number(1) & 1 == 1 ? 4 : 2
        rows = try fields.number(1) + 1
        columns = try fields.number(1) + 1
        width = try fields.number(size)
        height = try fields.number(size)
    }

    /// - Throws: Where tiles do not cover the image, or lie beside it, which would cost time for nothing.
    func check(tile: (width: Int, height: Int), count: Int, size: (width: Int, height: Int)) throws(CLIPError) {
        guard count == rows * columns, (width, height) == size else {
            throw .damaged("HEIC", "its tiles do not make up the image")
        }
        guard tile.width * columns >= width, tile.height * rows >= height,
            tile.width * (columns - 1) < width, tile.height * (rows - 1) < height
        else { throw .damaged("HEIC", "its tiles do not fit the image") }
    }

    /// - Parameter tile: The columns and rows of each tile before it is cropped.
    /// - Throws: Where far more pixels have to be decoded than the image has. A strip may be lower than its tiles.
    func checkCost(tile: (width: Int, height: Int)) throws(CLIPError) {
        let decoded = Double(tile.width) * Double(tile.height) * Double(rows * columns)
        guard decoded <= 4 * Double(width) * Double(height) + Double(1 << 24) else {
            throw .damaged("HEIC", "its tiles have far more pixels than the image")
        }
    }
}
