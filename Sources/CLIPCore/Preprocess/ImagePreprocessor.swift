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
    public let spec: PreprocessingSpec

    /// Creates a preprocessor.
    public init(spec: PreprocessingSpec) {
        self.spec = spec
    }

    /// Preprocesses one image.
    ///
    /// Only the part of the image that the result shows is computed, so that memory does not grow with extreme aspect
    /// ratios.
    ///
    /// - Returns: `height × width × 3` bytes, RGB, row by row.
    /// - Throws: ``CLIPError`` with code `limitExceeded` or `unsupportedFormat` when an image is so long and narrow that it
    ///   would have more than 2³¹ pixels after scaling, or that nothing of its shorter side is left.
    public func preprocess(_ image: PixelImage) throws -> [UInt8] {
        let geometry = try ResizeGeometry(width: image.width, height: image.height, spec: spec)
        let window = padded(resized(image, geometry), image.format, geometry)
        return image.format.rgb(window.bytes, palette: image.palette)
    }

    private func resized(_ image: PixelImage, _ geometry: ResizeGeometry) -> PixelPlane {
        let plane = PixelPlane(
            width: image.width,
            height: image.height,
            bytesPerPixel: image.format.bytesPerPixel,
            bytes: image.pixels
        )
        let nearest = NearestSampler(geometry: geometry)
        guard geometry.resizedWidth != image.width || geometry.resizedHeight != image.height else {
            return nearest.resample(plane)
        }
        let resampler = Resampler(interpolation: spec.interpolation, geometry: geometry)
        switch image.format {
        case .bilevel, .palette:
            return nearest.resample(plane)
        case .gray16:
            return Resampler16(interpolation: spec.interpolation, geometry: geometry).resample(plane)
        case .grayAlpha, .rgba:
            return PremultipliedAlpha.divide(resampler.resample(PremultipliedAlpha.multiply(plane)))
        case .gray, .rgb, .cmyk:
            return resampler.resample(plane)
        }
    }

    /// Surrounds the window with padding where the output is larger.
    private func padded(
        _ window: PixelPlane,
        _ format: PixelImage.Format,
        _ geometry: ResizeGeometry
    ) -> PixelPlane {
        guard window.width != spec.width || window.height != spec.height else { return window }
        let size = window.bytesPerPixel
        var result = PixelPlane(
            width: spec.width,
            height: spec.height,
            bytesPerPixel: size,
            bytes: Self.padding(spec.fill, format, pixels: spec.width * spec.height)
        )
        for y in 0..<window.height {
            let start = ((geometry.rows.target + y) * spec.width + geometry.columns.target) * size
            let row = window.bytes[y * window.rowBytes..<(y + 1) * window.rowBytes]
            result.bytes.replaceSubrange(start..<start + window.rowBytes, with: row)
        }
        return result
    }

    /// Pixels whose channels all have the value `fill`.
    private static func padding(_ fill: UInt8, _ format: PixelImage.Format, pixels: Int) -> [UInt8] {
        switch format {
        case .gray16: (0..<pixels).flatMap { _ in [fill, 0] }
        case .bilevel: [UInt8](repeating: fill == 0 ? 0 : 255, count: pixels)
        default: [UInt8](repeating: fill, count: pixels * format.bytesPerPixel)
        }
    }
}
