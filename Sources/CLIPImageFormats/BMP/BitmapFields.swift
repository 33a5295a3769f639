internal import CLIPCore
internal import CLIPImage

/// The numbers in the header of a device-independent bitmap.
struct BitmapFields {
    /// The number of bytes of the header.
    let size: Int
    let width: Int
    let height: Int
    let isTopDown: Bool
    let bits: Int
    let compression: Int
    /// The number of palette entries, as Pillow counts them.
    private let colors: Int
    /// The number of bytes per palette entry.
    private let entryBytes: Int
    private let header: ArraySlice<UInt8>
    private let data: [UInt8]
    /// The position after what was read.
    private(set) var end: Int

    init(_ data: [UInt8], at position: Int) {
        self.data = data
        let rest = data[min(position, data.count)...]
        size = rest.number(at: 0, bytes: 4, .little) ?? 0
        let fields = rest.prefix(size)
        func field(_ offset: Int, _ bytes: Int) -> Int { fields.number(at: offset, bytes: bytes, .little) ?? 0 }
        header = fields
        let isOS2 = size == 12
        width = field(4, isOS2 ? 2 : 4)
        let rows = field(isOS2 ? 6 : 8, isOS2 ? 2 : 4)
        isTopDown = !isOS2 && rows >> 24 == 0xFF
        height = isTopDown ? 1 << 32 - rows : rows
        bits = field(isOS2 ? 10 : 14, 2)
        compression = field(16, isOS2 ? 0 : 4)
        let count = field(32, isOS2 ? 0 : 4)
        colors = count == 0 ? 1 << min(bits, 32) : count
        entryBytes = isOS2 ? 3 : 4
        end = position + size
    }

    var hasKnownSize: Bool { [12, 40, 52, 56, 64, 108, 124].contains(size) }

    /// Whether the file contains the whole header, however long it claims to be.
    var isComplete: Bool { size >= 4 && header.count == size || !hasKnownSize && size > 0 }

    /// The number of bytes that the palette should have.
    var paletteBytes: Int { colors * entryBytes }

    /// The masks of red, green, blue and alpha, which follow a header of 40 bytes and belong to longer ones.
    mutating func readMasks() -> [Int] {
        let masks = data[min(end - size + 40, data.count)...]
        let count = size >= 56 ? 4 : 3
        if size < 52 { end += 12 }
        return (0..<4).map { $0 < count ? masks.number(at: 4 * $0, bytes: 4, .little) ?? 0 : 0 }
    }

    /// The palette, at most 256 RGB triples.
    mutating func readPalette() -> [UInt8] {
        let entries = data[min(end, data.count)...].prefix(min(colors, 256) * entryBytes)
        end += paletteBytes
        var palette: [UInt8] = []
        for entry in stride(from: entries.startIndex, through: entries.endIndex - 3, by: entryBytes) {
            palette += [entries[entry + 2], entries[entry + 1], entries[entry]]
        }
        return palette
    }
}
