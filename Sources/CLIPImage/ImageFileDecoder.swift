public import CLIPCore

/// Decodes JPEG, PNG and WebP files to the same pixels as Pillow, in the file's own pixel format.
///
/// The file format is detected from the first bytes; file names do not matter. For an animation, the first frame is
/// decoded. Colour profiles are ignored.
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
    /// Options besides decoding.
    public struct Options: Sendable, Hashable {
        /// How to handle the orientation in a file's EXIF data.
        public enum Orientation: Sendable, Hashable, CaseIterable {
            /// Rotates the image upright, as it is meant to be viewed.
            case apply
            /// Leaves the pixels as stored, like open_clip.
            case ignore
        }

        package var orientation: Orientation
        package var limits: ImageLimits
        package var allowTruncated: Bool

        /// Creates options.
        ///
        /// If truncated files are allowed, the result is that of Pillow with `ImageFile.LOAD_TRUNCATED_IMAGES`: missing
        /// data is zero in a PNG image, and filled in by libjpeg in a JPEG image. As in Pillow, a file that ends before
        /// its image data and a truncated WebP file are still errors.
        ///
        /// - Parameters:
        ///   - orientation: How to handle the EXIF orientation.
        ///   - limits: The size limits for images.
        ///   - allowTruncated: Whether a truncated JPEG or PNG file is decoded as far as it goes instead of throwing an
        ///     error.
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

    /// How the EXIF orientation was handled.
    public var postprocessing: String? {
        switch options.orientation {
        case .apply: "EXIF orientation applied"
        case .ignore: "EXIF orientation ignored"
        }
    }

    /// Decodes one image.
    ///
    /// - Parameter data: The contents of the file.
    /// - Returns: The pixels in the file's own pixel format, upright unless the options say otherwise.
    /// - Throws: `CLIPError` with code `unsupportedFormat` for data that is not a JPEG, PNG or WebP image or is an
    ///   unsupported variant; `corruptData` for a truncated or damaged file; `limitExceeded` for a file that exceeds a
    ///   limit.
    public func decode(_ data: [UInt8]) throws -> PixelImage {
        var image = PixelImage()
        try decode(data, into: &image)
        return image
    }

    /// Decodes one image, reusing the memory of an earlier image.
    ///
    /// The decoder keeps other reusable memory for as many images as were decoded at the same time; copies of a decoder
    /// share it. Use one decoder for a whole run.
    ///
    /// - Parameters:
    ///   - data: The contents of the file.
    ///   - image: Receives the decoded image. After an error its contents are unspecified.
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

/// An image file whose header has been read.
protocol ImageFile {
    /// The number of columns, at least 1.
    var width: Int { get }
    /// The number of rows, at least 1.
    var height: Int { get }
    /// The pixel format after decoding.
    var format: PixelImage.Format { get throws(CLIPError) }
    /// The EXIF orientation; `upright` if it is missing or damaged.
    var orientation: EXIFOrientation { get }
    /// The codec's memory besides the pixels and ``DecodingMemory/tables``.
    func codecMemory() throws(CLIPError) -> DecodingMemory
    /// Decodes the pixels as stored.
    func decode(into image: inout PixelImage, _ jpeg: JPEGDecompressor, allowTruncated: Bool) throws(CLIPError)
}
