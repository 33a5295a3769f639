public import CLIPCore

/// Decodes JPEG, PNG and WebP files, and files of other formats given to it, to the same pixels as Pillow, in the file's
/// own pixel format.
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
    package let options: Options
    private let formats: [ImageFormat]
    private let pool = ImagePool()

    /// Creates a decoder.
    ///
    /// - Parameters:
    ///   - options: Limits, and how unusual files are handled.
    ///   - formats: Formats to read in addition to JPEG, PNG and WebP. `CLIPImageFormats` offers them as `.all`.
    public init(options: Options = Options(), formats: [ImageFormat] = []) {
        self.options = options
        self.formats = ImageFormat.builtIn + formats
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
    /// - Throws: `CLIPError` with code `unsupportedFormat` for data of another format or of an unsupported
    ///   variant; `corruptData` for a truncated file, or for a damaged one unless it can be read and the options accept
    ///   that; `limitExceeded` for a file that exceeds a limit.
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
        try options.check(bytes: data.count)
        let file = try formats.open(data)
        try options.check(width: file.width, height: file.height)
        try options.check(decodedSize: file.decodedSize)
        try file.work().check()
        let orientation = options.orientation == .apply ? file.orientation : file.inherentOrientation
        try options.check(memory: Self.memory(for: file, orientation))
        if orientation == .upright {
            try file.decode(into: &image, allowTruncated: options.allowTruncated)
        } else {
            var stored = pool.take()
            defer { pool.put(stored) }
            try file.decode(into: &stored, allowTruncated: options.allowTruncated)
            stored.turn(by: orientation, into: &image)
        }
        if let damage = image.damage, !options.acceptsDamage {
            throw CLIPError(
                .corruptData,
                "The file is damaged: \(damage). Accept damage (acceptsDamage, without --strict) to read it as far as "
                    + "possible."
            )
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
