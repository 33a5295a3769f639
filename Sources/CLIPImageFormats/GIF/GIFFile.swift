internal import CLIPCore
internal import CLIPImage

/// A GIF file, decoded with giflib; for an animation, the first frame.
struct GIFFile: ImageFile {
    let width: Int
    let height: Int
    let format: PixelImage.Format
    private let data: [UInt8]

    /// Reads the file up to the first frame.
    ///
    /// As in Pillow, a frame that does not fit enlarges the canvas.
    init(_ data: [UInt8]) throws(CLIPError) {
        let frame = try GIFReader(data).frame
        width = max(frame.canvasWidth, frame.left + frame.width)
        height = max(frame.canvasHeight, frame.top + frame.height)
        format = frame.palette == nil ? .gray : .palette
        self.data = data
        guard frame.width > 0, frame.height > 0 else {
            throw .damaged("GIF", "its first frame has \(frame.width) × \(frame.height) pixels")
        }
    }

    func decode(into image: inout PixelImage, _: JPEGDecompressor, allowTruncated: Bool) throws(CLIPError) {
        let reader = try GIFReader(data)
        let frame = reader.frame
        try image.replace(width: width, height: height, format: format) { (pixels, palette) throws(CLIPError) in
            if let colors = frame.palette { _ = palette.update(fromContentsOf: colors) }
            if frame.width < width || frame.height < height {
                pixels.update(repeating: frame.transparentIndex ?? 0)
            }
            guard let base = pixels.baseAddress else { return }
            for row in frame.rowOrder {
                try reader.readRow(to: base + (frame.top + row) * width + frame.left)
            }
        }
    }
}
