/// Preprocesses images for a model, byte-identical to open_clip, or to transformers, with Pillow.
///
/// The steps follow open_clip's inference transform: resize in the file's own pixel format, crop or pad, convert to
/// RGB. For models that come from transformers, images are converted to RGB first, with alpha on white. Scaling to 0…1,
/// mean and standard deviation are part of the exported image encoder.
///
/// - Palette and 1-bit images are resized with nearest-neighbour sampling.
/// - Images with alpha are resized with premultiplied colours. Alpha is then dropped, not composited.
/// - CMYK and grey images are resized before conversion.
/// - 16-bit grey images are resized in 16 bits. As in Pillow, conversion keeps values up to 255 and maps larger ones to
///   white. Rescale images that use the whole range to 8 bits first.
///
/// ```swift
/// let pixels = try ImagePreprocessor(spec: model.preprocessing).preprocess(image)
/// pixels.count  // 224 × 224 × 3
/// ```
///
/// A preprocessor keeps memory for intermediate results of as many images as were preprocessed at the same time; copies
/// share it. Use one preprocessor for all images.
public struct ImagePreprocessor: Sendable {
    /// The model's preprocessing.
    package let spec: PreprocessingSpec
    private let pool = ScratchPool()

    /// Creates a preprocessor.
    public init(spec: PreprocessingSpec) {
        self.spec = spec
    }

    /// Preprocesses one image.
    ///
    /// Memory use does not grow with extreme aspect ratios: only the visible part of the resized image is computed.
    ///
    /// - Returns: `height × width × 3` bytes, RGB, in row-major order.
    /// - Throws: ``CLIPError`` with code `limitExceeded` if the resized image would have more than 2³¹ pixels, or
    ///   `unsupportedFormat` if its shorter side would have none.
    public func preprocess(_ image: PixelImage) throws -> [UInt8] {
        var pixels = [UInt8](repeating: 0, count: spec.byteCount)
        var span = pixels.mutableSpan
        try preprocess(image, into: &span)
        return pixels
    }

    /// Preprocesses one image into memory of the caller.
    ///
    /// - Parameters:
    ///   - image: The image.
    ///   - pixels: Receives `height × width × 3` bytes, RGB, in row-major order.
    /// - Throws: What ``preprocess(_:)`` throws.
    /// - Precondition: `pixels` has ``PreprocessingSpec/byteCount`` bytes.
    package func preprocess(_ image: PixelImage, into pixels: inout MutableSpan<UInt8>) throws {
        precondition(pixels.count == spec.byteCount, "the buffer must hold one image")
        let geometry = try ResizeGeometry(width: image.width, height: image.height, spec: spec)
        let scratch = pool.take()
        defer { pool.put(scratch) }
        var format = image.format
        if spec.convention == .transformers, format != .rgb {
            scratch.converted.reshape(width: image.width, height: image.height, bytesPerPixel: 3)
            format.convertToRGBOnWhite(image.pixels, palette: image.palette, into: &scratch.converted.bytes)
            format = .rgb
            resize(scratch.converted, format, geometry, using: scratch)
        } else {
            resize(PixelPlane(image), format, geometry, using: scratch)
        }
        if scratch.window.width == spec.width, scratch.window.height == spec.height {
            format.convertToRGB(scratch.window.bytes, palette: image.palette, into: &pixels)
        } else {
            pad(scratch.window, format, geometry, into: &scratch.padded)
            format.convertToRGB(scratch.padded.bytes, palette: image.palette, into: &pixels)
        }
    }

    /// Computes the window of the resized image.
    private func resize(
        _ plane: PixelPlane,
        _ format: PixelImage.Format,
        _ geometry: ResizeGeometry,
        using scratch: PreprocessingScratch
    ) {
        let nearest = NearestSampler(geometry: geometry)
        guard geometry.resizedWidth != plane.width || geometry.resizedHeight != plane.height else {
            return nearest.resample(plane, into: &scratch.window)
        }
        let resampler = Resampler(interpolation: spec.interpolation, geometry: geometry)
        switch format {
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

    /// Pads the window if the output is larger.
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
