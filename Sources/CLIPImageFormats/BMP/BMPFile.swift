internal import CLIPCore
internal import CLIPImage

/// A BMP file, or a device-independent bitmap without a file header.
struct BMPFile: ImageFile {
    private let data: [UInt8]
    private let bitmap: Bitmap

    /// Reads the header.
    init(_ data: [UInt8]) throws(CLIPError) {
        self.data = data
        let hasFileHeader = data.starts(with: "BM".utf8)
        let start = hasFileHeader ? data[...].number(at: 10, bytes: 4, .little) ?? 0 : 0
        bitmap = try Bitmap(data, at: hasFileHeader ? 14 : 0, pixels: start)
    }

    var width: Int { bitmap.width }
    var height: Int { bitmap.height }
    var format: PixelImage.Format { bitmap.format }

    func decode(into image: inout PixelImage, allowTruncated: Bool) throws(CLIPError) {
        var rows = 0
        image.replace(width: width, height: height, format: format) { pixels, palette in
            if format == .palette { _ = palette.update(fromContentsOf: bitmap.palette) }
            if allowTruncated { pixels.update(repeating: 0) }
            rows = data.withUnsafeBufferPointer { bitmap.copyRows($0, height: height, to: pixels) }
        }
        guard rows < height else { return }
        guard allowTruncated, rows > 0 else { throw .truncated("BMP", data) }
        image.markTruncated()
    }
}
