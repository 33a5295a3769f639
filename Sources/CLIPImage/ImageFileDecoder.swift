public import CLIPCore

/// Decodes JPEG, PNG and WebP files to the pixels that Pillow gives, in the file's own pixel format.
///
/// The kind of file is read from its first bytes; names do not matter. Of an animation, the first frame is decoded.
/// Colour profiles are ignored.
///
/// ```swift
/// let image = try ImageFileDecoder().decode(bytes)
/// image.width  // 640
/// ```
///
/// | File | `PixelImage.Format` |
/// | --- | --- |
/// | JPEG, grey | `gray` |
/// | JPEG, colour | `rgb` |
/// | JPEG, four channels | `cmyk`, taken as inverted, as Adobe writes it |
/// | PNG, grey: 1 bit, 2 to 8 bits, 16 bits | `bilevel`, `gray`, `gray16` |
/// | PNG, palette | `palette` |
/// | PNG, grey with alpha: 8 bits, 16 bits | `grayAlpha`, `rgba` |
/// | PNG, RGB, RGBA | `rgb`, `rgba`; 16 bits are reduced to the high byte |
/// | WebP without alpha, with alpha | `rgb`, `rgba` |
public struct ImageFileDecoder: ImageDecoder {
    /// What to do besides decoding.
    public struct Options: Sendable, Hashable {
        /// What to do with the orientation that a file's EXIF data gives.
        public enum Orientation: Sendable, Hashable, CaseIterable {
            /// Turn the image upright, as a person sees it.
            case apply
            /// Leave the pixels as they are stored, which is what open_clip does.
            case ignore
        }

        /// What to do with the EXIF orientation, `apply` by default.
        public var orientation: Orientation
        /// How large an image may be.
        public var limits: ImageLimits

        /// Creates options.
        public init(orientation: Orientation = .apply, limits: ImageLimits = ImageLimits()) {
            self.orientation = orientation
            self.limits = limits
        }
    }

    /// What to do besides decoding.
    public let options: Options

    /// Creates a decoder.
    public init(options: Options = Options()) {
        self.options = options
    }

    /// Decodes one image.
    ///
    /// - Parameter data: The whole file.
    /// - Returns: The pixels in the file's own format, upright unless the options say otherwise.
    /// - Throws: `CLIPError` with code `unsupportedFormat` for data that is no JPEG, PNG or WebP image, or of a variant
    ///   that is not read; `corruptData` for a truncated or damaged file; `limitExceeded` for one that
    ///   ``Options/limits`` do not allow.
    public func decode(_ data: [UInt8]) throws -> PixelImage {
        try options.limits.check(bytes: data.count)
        let file: any ImageFile =
            switch try ImageFileKind(of: data) {
            case .jpeg: try JPEGFile(data)
            case .png: try PNGFile(data)
            case .webp: try WebPFile(data)
            }
        try options.limits.check(width: file.width, height: file.height)
        let image = try file.decode()
        return options.orientation == .apply ? image.turned(by: file.orientation) : image
    }
}

/// A file of one kind whose header has been read.
protocol ImageFile {
    /// Columns, at least 1.
    var width: Int { get }
    /// Rows, at least 1.
    var height: Int { get }
    /// What the EXIF data says; `upright` where there is none or it is damaged.
    var orientation: EXIFOrientation { get }
    /// Decodes the pixels as they are stored.
    func decode() throws(CLIPError) -> PixelImage
}
