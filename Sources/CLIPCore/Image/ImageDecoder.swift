/// Turns the bytes of an image file into pixels.
///
/// A decoder is called from several tasks at once.
public protocol ImageDecoder: Sendable {
    /// What the decoder does to the pixels besides decoding, for people, such as `EXIF orientation applied`; `nil` for
    /// nothing.
    ///
    /// It is recorded as part of a store's ``Provenance/preprocessing``: vectors of images that were decoded in another way
    /// do not join the store. A decoder without an implementation of its own does nothing.
    var postprocessing: String? { get }

    /// Decodes one image.
    ///
    /// - Parameter data: The whole file.
    /// - Returns: The pixels in the file's own format.
    /// - Throws: ``CLIPError`` with code `unsupportedFormat`, `corruptData` or `limitExceeded`. The message need not name
    ///   the file: the caller knows it.
    func decode(_ data: [UInt8]) throws -> PixelImage

    /// Decodes one image into memory that an image before it has used.
    ///
    /// A worker that decodes one image after another keeps one `PixelImage` and hands it in each time. The default
    /// implementation replaces it by what ``decode(_:)`` returns, and so reuses nothing.
    ///
    /// - Parameters:
    ///   - data: The whole file.
    ///   - image: Becomes the decoded image. After an error it is some image without meaning.
    /// - Throws: What ``decode(_:)`` throws.
    func decode(_ data: [UInt8], into image: inout PixelImage) throws
}

extension ImageDecoder {
    /// Nothing.
    public var postprocessing: String? { nil }

    /// Decodes one image with ``decode(_:)``, without reusing memory.
    public func decode(_ data: [UInt8], into image: inout PixelImage) throws {
        image = try decode(data)
    }
}
