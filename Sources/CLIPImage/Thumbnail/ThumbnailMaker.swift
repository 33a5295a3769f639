internal import CLIPCore

/// Creates JPEG thumbnails of image files.
///
/// Images are rotated upright, keep their aspect ratio and are not enlarged. Alpha is dropped, as in preprocessing for
/// a model.
///
/// ```swift
/// let jpeg = try ThumbnailMaker().thumbnail(of: FileBytes.read("cat.png"))
/// ```
package struct ThumbnailMaker: Sendable {
    /// The maximum length of the longer side in pixels.
    package let longSide: Int
    /// The JPEG quality, from 1 to 100.
    package let quality: Int
    private let decoder: ImageFileDecoder

    /// Creates a thumbnail maker.
    ///
    /// - Parameters:
    ///   - longSide: The maximum length of the longer side in pixels.
    ///   - quality: The JPEG quality, from 1 to 100.
    ///   - decoding: How images are decoded; by default, truncated ones as far as they go.
    ///   - formats: Formats to read in addition to JPEG, PNG and WebP.
    /// - Precondition: `longSide` is positive, and `quality` is from 1 to 100.
    package init(
        longSide: Int = 160,
        quality: Int = 75,
        decoding: ImageFileDecoder.Options = .init(allowTruncated: true),
        formats: [ImageFormat] = []
    ) {
        precondition(longSide > 0 && 1...100 ~= quality, "the size must be positive and the quality from 1 to 100")
        self.longSide = longSide
        self.quality = quality
        decoder = ImageFileDecoder(options: decoding, formats: formats)
    }

    /// Decodes an image file and scales it down.
    ///
    /// - Parameter file: The contents of the file.
    /// - Returns: A JPEG file.
    /// - Throws: What ``ImageFileDecoder/decode(_:)`` throws.
    package func thumbnail(of file: [UInt8]) throws -> [UInt8] {
        let image = try decoder.decode(file)
        let longer = max(image.width, image.height)
        let length = min(longSide, longer)
        let width = max(1, image.width * length / longer)
        let height = max(1, image.height * length / longer)
        let spec = PreprocessingSpec(height: height, width: width, resizeMode: .squash, interpolation: .bicubic)
        let pixels = try ImagePreprocessor(spec: spec).preprocess(image)
        return try JPEGCompressor().compress(pixels, width: width, height: height, quality: quality)
    }
}
