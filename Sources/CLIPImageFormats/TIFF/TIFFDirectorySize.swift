internal import CLIPImage

/// How much the values of a TIFF file's first directory take, all of which libtiff reads when it opens a file.
struct TIFFDirectorySize {
    /// The bytes of all values, wherever they are; `Int.max` if they overflow.
    let bytes: Int

    /// Reads the directory of a TIFF or BigTIFF file, as far as it is complete.
    init(_ data: ArraySlice<UInt8>) {
        let order = data.first == 0x4D ? ByteOrder.big : .little
        let isBig = data.number(at: 2, bytes: 2, order) == 43
        let wide = isBig ? 8 : 4
        var total = DecodingMemory(bytes: 0)
        var entries = data.dropFirst(max(0, data.number(at: wide, bytes: wide, order) ?? .max))
        let count = entries.number(at: 0, bytes: isBig ? 8 : 2, order) ?? 0
        entries = entries.dropFirst(isBig ? 8 : 2)
        for _ in 0..<max(0, count) {
            guard let type = entries.number(at: 2, bytes: 2, order),
                let values = entries.number(at: 4, bytes: wide, order)
            else { break }
            total = total + DecodingMemory(bytes: values < 0 ? .max : values) * Self.size(ofType: type)
            entries = entries.dropFirst(4 + 2 * wide)
        }
        bytes = total.bytes
    }

    private static func size(ofType type: Int) -> Int {
        switch type {
        case 1, 2, 6, 7: 1
        case 3, 8: 2
        case 4, 9, 11, 13: 4
        case 5, 10, 12, 16, 17, 18: 8
        default: 0
        }
    }
}
