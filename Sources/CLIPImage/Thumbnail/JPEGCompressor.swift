internal import CJPEG
internal import CLIPCore

/// Compresses images with libjpeg.
enum JPEGCompressor {
    /// The largest side that libjpeg takes.
    private static let maximumSide = 65_500

    /// Compresses an image to a baseline JPEG file with chroma at half resolution.
    ///
    /// - Parameters:
    ///   - pixels: `height × width × 3` bytes, RGB, in row-major order.
    ///   - width: The number of columns, at most 65,500.
    ///   - height: The number of rows, at most 65,500.
    ///   - quality: From 1 to 100.
    /// - Returns: The file.
    /// - Throws: `CLIPError` with code `limitExceeded` if a side is longer, or memory runs out.
    /// - Precondition: `pixels` has `height × width × 3` bytes.
    static func compress(_ pixels: [UInt8], width: Int, height: Int, quality: Int) throws(CLIPError) -> [UInt8] {
        precondition(pixels.count == width * height * 3, "there must be three bytes per pixel")
        precondition(1...100 ~= quality, "the quality must be from 1 to 100")
        guard width <= maximumSide, height <= maximumSide else {
            throw CLIPError(.limitExceeded, "An image of \(width) × \(height) pixels is too large for a JPEG file.")
        }
        var size = 0
        guard let file = cjpeg_encode(pixels, UInt32(width), UInt32(height), Int32(quality), &size) else {
            throw CLIPError(.limitExceeded, "The JPEG encoder failed: there is not enough memory.")
        }
        defer { cjpeg_free(file) }
        return Array(UnsafeBufferPointer(start: file, count: size))
    }
}
