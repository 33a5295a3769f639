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
        public var bytesPerPixel: Int {
            switch self {
            case .bilevel, .palette, .gray: 1
            case .grayAlpha, .gray16: 2
            case .rgb: 3
            case .rgba, .cmyk: 4
            }
        }
    }

    /// Columns, at least 1.
    public let width: Int
    /// Rows, at least 1.
    public let height: Int
    /// How ``pixels`` is to be read.
    public let format: Format
    /// `height × width × format.bytesPerPixel` bytes, row by row from the top, without padding.
    public let pixels: [UInt8]
    /// 256 RGB triples for ``Format/palette``, empty otherwise.
    public let palette: [UInt8]

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
}
