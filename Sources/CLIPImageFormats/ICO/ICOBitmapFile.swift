internal import CLIPCore
internal import CLIPImage

/// A bitmap in an icon, whose mask or the fourth bytes of its pixels become alpha.
struct ICOBitmapFile: ImageFile {
    private let data: [UInt8]
    private let bitmap: Bitmap
    private let entry: ICOFile.Entry

    /// Reads the header.
    init(_ data: [UInt8], _ entry: ICOFile.Entry) throws(CLIPError) {
        self.data = data
        self.entry = entry
        bitmap = try Bitmap(data, at: entry.offset, pixels: 0)
        guard bitmap.height > 1 else { throw .damaged("ICO", "its image has no rows") }
    }

    var width: Int { bitmap.width }
    /// The rows after these are those of the mask.
    var height: Int { bitmap.height / 2 }
    var format: PixelImage.Format { .rgba }

    /// The pixels before they have alpha.
    func codecMemory() -> DecodingMemory {
        DecodingMemory(pixels: width, height, bytesPerPixel: bitmap.format.bytesPerPixel)
    }

    func decode(into image: inout PixelImage, allowTruncated: Bool) throws(CLIPError) {
        var colors = [UInt8](repeating: 0, count: width * height * bitmap.format.bytesPerPixel)
        let rows = data.withUnsafeBufferPointer { data in
            colors.withUnsafeMutableBufferPointer { bitmap.copyRows(data, height: height, to: $0) }
        }
        let isComplete = rows == height && alphaRows != nil
        guard isComplete || allowTruncated && rows > 0 else { throw .truncated("ICO", data) }
        image.replace(width: width, height: height, format: .rgba) { pixels, _ in
            for index in 0..<width * height {
                let (red, green, blue) = color(colors, index)
                pixels[4 &* index] = red
                pixels[4 &* index &+ 1] = green
                pixels[4 &* index &+ 2] = blue
            }
            copyAlpha(to: pixels)
        }
        if !isComplete { image.markTruncated() }
    }

    private func color(_ colors: [UInt8], _ index: Int) -> (UInt8, UInt8, UInt8) {
        switch bitmap.format {
        case .rgb, .rgba:
            let start = index * bitmap.format.bytesPerPixel
            return (colors[start], colors[start + 1], colors[start + 2])
        case .palette:
            // An index beyond the palette is black.
            let start = 3 * Int(colors[index])
            guard start + 2 < bitmap.palette.count else { return (0, 0, 0) }
            return (bitmap.palette[start], bitmap.palette[start + 1], bitmap.palette[start + 2])
        default:
            return (colors[index], colors[index], colors[index])
        }
    }

    /// Whether pixels have alpha in their fourth bytes; with fewer bits, a mask is at the end of the image.
    private var hasAlpha: Bool { entry.bitsPerPixel == 32 }

    /// Where the rows with alpha start, and their size; `nil` if the file does not have all of them.
    private var alphaRows: (start: Int, bytes: Int)? {
        let bytes = hasAlpha ? 4 * width : (width + 31) / 32 * 4
        let start = hasAlpha ? bitmap.start : entry.offset + entry.size - bytes * height
        return start >= 0 && start <= data.count && bytes * height <= data.count - start ? (start, bytes) : nil
    }

    /// Copies alpha; without it, pixels are opaque.
    private func copyAlpha(to pixels: UnsafeMutableBufferPointer<UInt8>) {
        guard let (start, rowBytes) = alphaRows else {
            for index in 0..<width * height { pixels[4 &* index &+ 3] = 255 }
            return
        }
        for y in 0..<height {
            let row = start + (height - 1 - y) * rowBytes
            for x in 0..<width {
                pixels[4 * (y * width + x) + 3] =
                    hasAlpha
                    ? data[row + 4 * x + 3] : data[row + x / 8] << UInt8(x % 8) & 0x80 == 0 ? 255 : 0
            }
        }
    }
}
