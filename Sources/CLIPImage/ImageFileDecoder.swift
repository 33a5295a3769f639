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

        package var orientation: Orientation
        package var limits: ImageLimits
        package var allowTruncated: Bool

        /// Creates options.
        ///
        /// A truncated file that is allowed is as with Pillow's `ImageFile.LOAD_TRUNCATED_IMAGES`: what is missing is
        /// zeros in a PNG image, and in a JPEG image what libjpeg makes of missing data. A file that ends before its image
        /// data starts is refused nevertheless, and so is a truncated WebP file, as by Pillow.
        ///
        /// - Parameters:
        ///   - orientation: What to do with the EXIF orientation.
        ///   - limits: How large an image may be.
        ///   - allowTruncated: Whether a JPEG or PNG file that ends too early gives what is there, instead of an error.
        public init(
            orientation: Orientation = .apply,
            limits: ImageLimits = ImageLimits(),
            allowTruncated: Bool = false
        ) {
            self.orientation = orientation
            self.limits = limits
            self.allowTruncated = allowTruncated
        }
    }

    package let options: Options
    private let pool = CodecPool()

    /// Creates a decoder.
    public init(options: Options = Options()) {
        self.options = options
    }

    /// What was done with the EXIF orientation.
    public var postprocessing: String? {
        switch options.orientation {
        case .apply: "EXIF orientation applied"
        case .ignore: "EXIF orientation ignored"
        }
    }

    /// Decodes one image.
    ///
    /// - Parameter data: The whole file.
    /// - Returns: The pixels in the file's own format, upright unless the options say otherwise.
    /// - Throws: `CLIPError` with code `unsupportedFormat` for data that is no JPEG, PNG or WebP image, or of a variant
    ///   that is not read; `corruptData` for a truncated or damaged file; `limitExceeded` for one that
    ///   the limits do not allow.
    public func decode(_ data: [UInt8]) throws -> PixelImage {
        var image = PixelImage()
        try decode(data, into: &image)
        return image
    }

    /// Decodes one image into memory that an image before it has used.
    ///
    /// The decoder keeps what else it needs, for as many images as were decoded at once; copies of a decoder share it. So
    /// one decoder should serve a whole run.
    ///
    /// - Parameters:
    ///   - data: The whole file.
    ///   - image: Becomes the decoded image. After an error it is some image without meaning.
    /// - Throws: What ``decode(_:)`` throws.
    public func decode(_ data: [UInt8], into image: inout PixelImage) throws {
        try options.limits.check(bytes: data.count)
        let file: any ImageFile =
            switch try ImageFileKind(of: data) {
            case .jpeg: try JPEGFile(data)
            case .png: try PNGFile(data)
            case .webp: try WebPFile(data)
            }
        try options.limits.check(width: file.width, height: file.height)
        let orientation = options.orientation == .apply ? file.orientation : .upright
        try options.limits.check(memory: Self.memory(for: file, orientation))
        let codec = try pool.take()
        defer { pool.put(codec) }
        if orientation == .upright {
            try file.decode(into: &image, codec.jpeg, allowTruncated: options.allowTruncated)
        } else {
            try file.decode(into: &codec.stored, codec.jpeg, allowTruncated: options.allowTruncated)
            codec.stored.turn(by: orientation, into: &image)
        }
    }

    private static func memory(
        for file: some ImageFile,
        _ orientation: EXIFOrientation
    ) throws(CLIPError) -> DecodingMemory {
        let pixels = try DecodingMemory(pixels: file.width, file.height, bytesPerPixel: file.format.bytesPerPixel)
        return try pixels * (orientation == .upright ? 1 : 2) + file.codecMemory() + .tables
    }
}

/// A file of one kind whose header has been read.
protocol ImageFile {
    /// Columns, at least 1.
    var width: Int { get }
    /// Rows, at least 1.
    var height: Int { get }
    /// How pixels are stored once decoded.
    var format: PixelImage.Format { get throws(CLIPError) }
    /// What the EXIF data says; `upright` where there is none or it is damaged.
    var orientation: EXIFOrientation { get }
    /// What the codec takes besides the pixels and ``DecodingMemory/tables``.
    func codecMemory() throws(CLIPError) -> DecodingMemory
    /// Decodes the pixels as they are stored.
    func decode(into image: inout PixelImage, _ jpeg: JPEGDecompressor, allowTruncated: Bool) throws(CLIPError)
}
