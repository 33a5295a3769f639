/// A decoded image in the pixel format of its file.
///
/// Resampling happens before conversion to RGB, as in the reference implementation (open_clip's transform over Pillow),
/// so the file's own format is kept up to there.
public struct PixelImage: Sendable, Equatable {
    /// How a pixel is stored.
    ///
    /// The comment names Pillow's mode.
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

        /// Bytes a pixel takes.
        package var bytesPerPixel: Int {
            switch self {
            case .bilevel, .palette, .gray: 1
            case .grayAlpha, .gray16: 2
            case .rgb: 3
            case .rgba, .cmyk: 4
            }
        }
    }

    /// Columns, at least 1.
    public private(set) var width: Int
    /// Rows, at least 1.
    public private(set) var height: Int
    /// How ``pixels`` is to be read.
    public private(set) var format: Format
    /// `height × width × format.bytesPerPixel` bytes, row by row from the top, without padding.
    public private(set) var pixels: [UInt8]
    /// 256 RGB triples for ``Format/palette``, empty otherwise.
    public private(set) var palette: [UInt8]

    /// Creates an image from its bytes.
    ///
    /// - Precondition: `width` and `height` are positive, `pixels` has exactly the bytes they ask for, and `palette` has
    ///   768 bytes for ``Format/palette`` and none otherwise.
    public init(width: Int, height: Int, format: Format, pixels: [UInt8], palette: [UInt8] = []) {
        precondition(width > 0 && height > 0, "an image has at least one pixel")
        precondition(pixels.count == width * height * format.bytesPerPixel, "pixel bytes do not match the size")
        precondition(palette.count == (format == .palette ? 768 : 0), "a palette has 256 RGB triples")
        self.width = width
        self.height = height
        self.format = format
        self.pixels = pixels
        self.palette = palette
    }

    /// Creates an image of one grey pixel: memory for ``ImageDecoder/decode(_:into:)`` to fill.
    package init() {
        self.init(width: 1, height: 1, format: .gray, pixels: [0])
    }

    /// Makes this another image, in the memory that it has where that is large enough.
    ///
    /// - Parameters:
    ///   - width: Columns, at least 1.
    ///   - height: Rows, at least 1.
    ///   - format: How the pixels are stored.
    ///   - fill: Given the memory of the pixels, which holds any values, and that of the palette: 768 bytes of zeros for
    ///     ``Format/palette``, none otherwise.
    /// - Throws: What `fill` throws; the image has the new size then, and pixels without meaning.
    package mutating func replace<Failure: Error>(
        width: Int,
        height: Int,
        format: Format,
        _ fill: (
            _ pixels: UnsafeMutableBufferPointer<UInt8>, _ palette: UnsafeMutableBufferPointer<UInt8>
        ) throws(Failure) -> Void
    ) throws(Failure) {
        precondition(width > 0 && height > 0, "an image has at least one pixel")
        self.width = width
        self.height = height
        self.format = format
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
