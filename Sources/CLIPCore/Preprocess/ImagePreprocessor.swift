/// Brings images into the size and format that a model takes, byte for byte as open_clip does through Pillow.
///
/// The order is that of open_clip's inference transform: resize in the file's own pixel format, crop or pad, convert to
/// RGB. Scaling to 0…1, mean and standard deviation are part of the exported image encoder.
///
/// - Palette and 1-bit images are resized by nearest pixel.
/// - Images with alpha are resized with colours multiplied by alpha; then alpha is dropped, not composited.
/// - CMYK and grey images are resized before they are converted.
/// - 16-bit grey images are resized in 16 bits; converting keeps the low byte and turns 256 and more white, as Pillow
///   does. Rescale such images to 8 bits before if they use the whole range.
///
/// ```swift
/// let pixels = try ImagePreprocessor(spec: model.preprocessing).preprocess(image)
/// pixels.count  // 224 × 224 × 3
/// ```
public struct ImagePreprocessor: Sendable {
    /// What the model wants.
    package let spec: PreprocessingSpec

    /// Creates a preprocessor.
    public init(spec: PreprocessingSpec) {
        self.spec = spec
    }

    /// Preprocesses one image.
    ///
    /// Memory does not grow with extreme aspect ratios: only the part of the image that the result shows is computed.
    ///
    /// - Returns: `height × width × 3` bytes, RGB, row by row.
    /// - Throws: ``CLIPError`` with code `limitExceeded` or `unsupportedFormat` when an image is so long and narrow that it
    ///   would have more than 2³¹ pixels after scaling, or that nothing of its shorter side is left.
    public func preprocess(_ image: PixelImage) throws -> [UInt8] {
        var pixels = [UInt8](repeating: 0, count: spec.byteCount)
        var scratch = PreprocessingScratch()
        var span = pixels.mutableSpan
        try preprocess(image, into: &span, using: &scratch)
        return pixels
    }

    /// Preprocesses one image in memory that images before it have used.
    ///
    /// - Parameters:
    ///   - image: The image.
    ///   - pixels: Receives `height × width × 3` bytes, RGB, row by row.
    ///   - scratch: Memory for what lies in between, kept by the caller for the next image.
    /// - Throws: What ``preprocess(_:)`` throws.
    /// - Precondition: `pixels` has ``PreprocessingSpec/byteCount`` bytes.
    package func preprocess(
        _ image: PixelImage,
        into pixels: inout MutableSpan<UInt8>,
        using scratch: inout PreprocessingScratch
    ) throws {
        precondition(pixels.count == spec.byteCount, "room for the pixels of one image")
        let geometry = try ResizeGeometry(width: image.width, height: image.height, spec: spec)
        resize(image, geometry, using: &scratch)
        if scratch.window.width == spec.width, scratch.window.height == spec.height {
            image.format.convertToRGB(scratch.window.bytes, palette: image.palette, into: &pixels)
        } else {
            pad(scratch.window, image.format, geometry, into: &scratch.padded)
            image.format.convertToRGB(scratch.padded.bytes, palette: image.palette, into: &pixels)
        }
    }

    /// Computes the window of the resized image.
    private func resize(_ image: PixelImage, _ geometry: ResizeGeometry, using scratch: inout PreprocessingScratch) {
        let plane = PixelPlane(image)
        let nearest = NearestSampler(geometry: geometry)
        guard geometry.resizedWidth != image.width || geometry.resizedHeight != image.height else {
            return nearest.resample(plane, into: &scratch.window)
        }
        let resampler = Resampler(interpolation: spec.interpolation, geometry: geometry)
        switch image.format {
        case .bilevel, .palette:
            nearest.resample(plane, into: &scratch.window)
        case .gray16:
            let resampler = SixteenBitResampler(interpolation: spec.interpolation, geometry: geometry)
            resampler.resample(plane, into: &scratch.window, using: &scratch.resampling)
        case .grayAlpha, .rgba:
            scratch.premultiplied.copy(plane)
            PremultipliedAlpha.multiply(&scratch.premultiplied)
            resampler.resample(scratch.premultiplied, into: &scratch.window, using: &scratch.resampling)
            PremultipliedAlpha.divide(&scratch.window)
        case .gray, .rgb, .cmyk:
            resampler.resample(plane, into: &scratch.window, using: &scratch.resampling)
        }
    }

    /// Surrounds the window with padding where the output is larger.
    private func pad(
        _ window: PixelPlane,
        _ format: PixelImage.Format,
        _ geometry: ResizeGeometry,
        into result: inout PixelPlane
    ) {
        let size = window.bytesPerPixel
        result.reshape(width: spec.width, height: spec.height, bytesPerPixel: size)
        for index in result.bytes.indices {
            result.bytes[index] =
                switch format {
                case .gray16: index.isMultiple(of: 2) ? spec.fill : 0
                case .bilevel: spec.fill == 0 ? 0 : 255
                default: spec.fill
                }
        }
        for y in 0..<window.height {
            let start = ((geometry.rows.target + y) * spec.width + geometry.columns.target) * size
            for byte in 0..<window.rowBytes {
                result.bytes[start + byte] = window.bytes[y * window.rowBytes + byte]
            }
        }
    }
}
