/// A decoded image in the pixel format of its file.
///
/// The pixel format of the file is kept because resampling precedes conversion to RGB, as in the reference
/// implementation (open_clip's transform with Pillow).
public struct PixelImage: Sendable, Equatable {
    /// The pixel format.
    ///
    /// A component has one byte unless stated otherwise. Each case gives Pillow's mode in parentheses.
    public enum Format: Sendable, Hashable, CaseIterable {
        /// One byte, 0 or 255 (`1`).
        case bilevel
        /// One byte, an index into ``PixelImage/palette`` (`P`).
        case palette
        /// One byte of luminance (`L`).
        case gray
        /// Luminance and alpha, not premultiplied (`LA`).
        case grayAlpha
        /// Red, green, blue (`RGB`).
        case rgb
        /// Red, green, blue, alpha, not premultiplied (`RGBA`).
        case rgba
        /// Cyan, magenta, yellow, black; 0 is no ink (`CMYK`).
        case cmyk
        /// Two bytes of luminance, little-endian (`I;16`).
        case gray16

        /// The number of bytes per pixel.
        package var bytesPerPixel: Int {
            switch self {
            case .bilevel, .palette, .gray: 1
            case .grayAlpha, .gray16: 2
            case .rgb: 3
            case .rgba, .cmyk: 4
            }
        }
    }

    /// The number of columns, at least 1.
    public private(set) var width: Int
    /// The number of rows, at least 1.
    public private(set) var height: Int
    /// The format of ``pixels``.
    public private(set) var format: Format
    /// The bytes of `height × width` pixels, in row-major order from the top, without padding.
    public private(set) var pixels: [UInt8]
    /// 256 RGB triples for ``Format/palette``, empty otherwise.
    public private(set) var palette: [UInt8]
    /// What is wrong with the file, in words, if it is damaged and was decoded as far as possible; otherwise `nil`.
    public var damage: String?

    /// Creates an image from its bytes.
    ///
    /// - Precondition: `width` and `height` are positive, `pixels` has exactly the bytes of `height × width`
    ///   pixels, and `palette` has 768 bytes for ``Format/palette`` and none otherwise.
    public init(width: Int, height: Int, format: Format, pixels: [UInt8], palette: [UInt8] = []) {
        precondition(width > 0 && height > 0, "width and height must be positive")
        precondition(pixels.count == width * height * format.bytesPerPixel, "pixel bytes must match the size")
        precondition(palette.count == (format == .palette ? 768 : 0), "a palette must have 256 RGB triples")
        self.width = width
        self.height = height
        self.format = format
        self.pixels = pixels
        self.palette = palette
    }

    /// Creates a one-pixel grey image, to be filled by ``ImageDecoder/decode(_:into:)``.
    package init() {
        self.init(width: 1, height: 1, format: .gray, pixels: [0])
    }

    /// Replaces the image, without damage, reusing its memory if that is large enough.
    ///
    /// - Parameters:
    ///   - width: The number of columns, at least 1.
    ///   - height: The number of rows, at least 1.
    ///   - format: The pixel format.
    ///   - fill: Receives the memory for the pixels, with unspecified contents, and for the palette: 768 zero bytes for
    ///     ``Format/palette``, none otherwise.
    /// - Throws: What `fill` throws. The image then has the new size and unspecified pixels.
    package mutating func replace<Failure: Error>(
        width: Int,
        height: Int,
        format: Format,
        _ fill: (
            _ pixels: UnsafeMutableBufferPointer<UInt8>, _ palette: UnsafeMutableBufferPointer<UInt8>
        ) throws(Failure) -> Void
    ) throws(Failure) {
        precondition(width > 0 && height > 0, "width and height must be positive")
        self.width = width
        self.height = height
        self.format = format
        damage = nil
        pixels.resize(to: width * height * format.bytesPerPixel)
        palette.resize(to: format == .palette ? 768 : 0)
        for index in palette.indices { palette[index] = 0 }
        try pixels.withUnsafeMutableBufferPointer { (pixels) throws(Failure) in
            try palette.withUnsafeMutableBufferPointer { (palette) throws(Failure) in
                try fill(pixels, palette)
            }
        }
    }
}
