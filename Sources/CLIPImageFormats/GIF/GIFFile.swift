internal import CLIPCore
internal import CLIPImage

/// A GIF file; of an animation, the first frame.
struct GIFFile: ImageFile {
    let width: Int
    let height: Int
    private let frame: GIFFrame
    private let data: [UInt8]

    /// Reads the file up to the first frame.
    ///
    /// As in Pillow, a frame that does not fit enlarges the canvas.
    init(_ data: [UInt8]) throws(CLIPError) {
        frame = try GIFFrame(data)
        width = max(frame.canvasWidth, frame.left + frame.width)
        height = max(frame.canvasHeight, frame.top + frame.height)
        self.data = data
        guard frame.width > 0, frame.height > 0 else {
            throw .damaged("GIF", "its first frame has \(frame.width) × \(frame.height) pixels")
        }
    }

    var format: PixelImage.Format { frame.palette == nil ? .gray : .palette }

    func decode(into image: inout PixelImage, allowTruncated: Bool) throws(CLIPError) {
        var isComplete = true
        try image.replace(width: width, height: height, format: format) { (canvas, palette) throws(CLIPError) in
            if let colors = frame.palette { _ = palette.update(fromContentsOf: colors) }
            if allowTruncated || frame.width < width || frame.height < height {
                canvas.update(repeating: frame.transparentIndex ?? 0)
            }
            try data.withUnsafeBufferPointer { (bytes) throws(CLIPError) in
                var pixels = GIFPixels(frame, in: canvas, width: width)
                var decoder = GIFDecoder(GIFBlocks(bytes, from: frame.start), indexBits: frame.codeBits)
                isComplete = try decoder.decode(into: &pixels)
                guard isComplete || allowTruncated && !pixels.isEmpty else { throw .truncated("GIF", data) }
            }
        }
        if !isComplete { image.markTruncated() }
    }
}
