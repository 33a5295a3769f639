/// The compressed image data of a PNG file.
struct PNGStream {
    /// Pillow decompresses pieces of this size.
    private static let pieceBytes = 65_536

    /// Determines whether the data ends by itself after complete rows, though not all of them.
    ///
    /// - Parameters:
    ///   - chunks: The chunks of the file.
    ///   - rowBytes: The lengths of the rows of all passes, with their filter bytes.
    /// - Returns: Whether it does; Pillow then leaves the other rows zero.
    static func endsAfterCompleteRows(_ chunks: PNGChunks, rowBytes: some Sequence<Int>) -> Bool {
        let data = chunks.lazy.drop { !$0.isNamed("IDAT") }.prefix { $0.isNamed("IDAT") }.map(\.content)
        let limit = rowBytes.reduce(0, +)
        guard var rest = Inflation.length(of: data, pieceBytes: pieceBytes, limit: limit), rest > 0
        else { return false }
        for bytes in rowBytes where rest > 0 { rest -= bytes }
        return rest == 0
    }

    /// The lengths of the rows with their filter bytes, in all passes.
    static func rowBytes(width: Int, height: Int, bitsPerPixel: Int, isInterlaced: Bool) -> some Sequence<Int> {
        let passes =
            isInterlaced
            ? [(0, 8, 0, 8), (4, 8, 0, 8), (0, 4, 4, 8), (2, 4, 0, 4), (0, 2, 2, 4), (1, 2, 0, 2), (0, 1, 1, 2)]
            : [(0, 1, 0, 1)]
        return passes.lazy.flatMap { firstColumn, columnStep, firstRow, rowStep in
            let columns = width > firstColumn ? (width - firstColumn - 1) / columnStep + 1 : 0
            let rows = columns > 0 && height > firstRow ? (height - firstRow - 1) / rowStep + 1 : 0
            return repeatElement((columns * bitsPerPixel + 7) / 8 + 1, count: rows)
        }
    }
}
