internal import CLIPCore
internal import CLIPImage

/// A Windows icon: the largest of its images, a PNG file or a bitmap with a mask.
struct ICOFile: ImageFile {
    private let image: any ImageFile

    /// Reads the directory and the header of the largest image; of several, that with the fewest colours, as in Pillow.
    init(_ data: [UInt8]) throws {
        let count = data[...].number(at: 4, bytes: 2, .little) ?? 0
        let entries = try (0..<count).map { (index) throws(CLIPError) in
            let entry = data.dropFirst(6 + 16 * index).prefix(16)
            guard entry.count == 16 else { throw .truncated("ICO", data) }
            return Entry(entry)
        }
        guard let entry = entries.min(by: { $0.rank < $1.rank }) else {
            throw CLIPError.damaged("ICO", "it has no image")
        }
        let content = Array(data.dropFirst(entry.offset))
        if content.starts(with: ImageFormat.pngSignature) {
            image = try ImageFormat.png.open(content)
        } else {
            image = try ICOBitmapFile(data, entry)
        }
    }

    var width: Int { image.width }
    var height: Int { image.height }
    var format: PixelImage.Format { get throws(CLIPError) { try image.format } }

    func codecMemory() throws(CLIPError) -> DecodingMemory {
        try image.codecMemory()
    }

    func decode(into target: inout PixelImage, allowTruncated: Bool) throws(CLIPError) {
        try image.decode(into: &target, allowTruncated: allowTruncated)
    }

    /// An image in the directory.
    struct Entry {
        let width: Int
        let height: Int
        let bitsPerPixel: Int
        let size: Int
        let offset: Int
        private let colorDepth: Int

        fileprivate init(_ entry: ArraySlice<UInt8>) {
            func field(_ offset: Int, _ bytes: Int) -> Int { entry.number(at: offset, bytes: bytes, .little) ?? 0 }
            width = field(0, 1) == 0 ? 256 : field(0, 1)
            height = field(1, 1) == 0 ? 256 : field(1, 1)
            bitsPerPixel = field(6, 2)
            size = field(8, 4)
            offset = field(12, 4)
            let colors = field(2, 1)
            let indexBits = colors > 1 ? 8 - UInt8(colors - 1).leadingZeroBitCount : 256
            colorDepth = bitsPerPixel != 0 ? bitsPerPixel : indexBits
        }

        /// The first entry in this order is the one to read.
        fileprivate var rank: (pixels: Int, colorDepth: Int) { (-width * height, colorDepth) }
    }
}
