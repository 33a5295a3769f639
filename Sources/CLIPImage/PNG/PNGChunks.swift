/// Iterates over the chunks of a PNG file up to its end, or to what is no chunk.
struct PNGChunks: Sequence, IteratorProtocol {
    struct Chunk {
        let name: ArraySlice<UInt8>
        let content: ArraySlice<UInt8>
        /// Name and contents, which the checksum covers.
        fileprivate let checked: ArraySlice<UInt8>
        /// `nil` if the file ends before it.
        fileprivate let checksum: Int?

        func isNamed(_ text: StaticString) -> Bool {
            text.withUTF8Buffer { name.elementsEqual($0) }
        }

        var hasRightChecksum: Bool { checksum.map { $0 == Int(Inflation.checksum(checked)) } ?? false }
        /// Whether the image cannot be understood without the chunk.
        var isCritical: Bool { name.first.map { $0 & 0x20 == 0 } ?? false }
    }

    private var rest: ArraySlice<UInt8>

    /// - Parameter data: The file after its signature.
    init(_ data: ArraySlice<UInt8>) {
        rest = data
    }

    /// The next chunk whose contents are complete.
    mutating func next() -> Chunk? {
        guard let length = rest.number(at: 0, bytes: 4, .big) else { return nil }
        let checked = rest.dropFirst(4).prefix(4 + length)
        guard checked.count == 4 + length, checked.prefix(4).allSatisfy(\.isWordCharacter) else { return nil }
        let checksum = rest.number(at: 8 + length, bytes: 4, .big)
        rest = rest.dropFirst(12 + length)
        return Chunk(name: checked.prefix(4), content: checked.dropFirst(4), checked: checked, checksum: checksum)
    }
}

extension UInt8 {
    /// Whether the byte is an ASCII letter, digit or underscore; chunks with other names are not read.
    fileprivate var isWordCharacter: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A: true
        default: false
        }
    }
}
