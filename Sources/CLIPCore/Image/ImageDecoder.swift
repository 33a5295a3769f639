/// Decodes image files to pixels.
///
/// A decoder may be called from several tasks at once.
public protocol ImageDecoder: Sendable {
    /// What the decoder does besides decoding, in words, for example `EXIF orientation applied`; `nil` for nothing.
    ///
    /// It is recorded in a store's ``Provenance/preprocessing``: images that were decoded differently cannot be added
    /// to the store. The default implementation returns `nil`.
    var postprocessing: String? { get }

    /// Decodes one image.
    ///
    /// - Parameter data: The contents of the file.
    /// - Returns: The pixels in the file's own pixel format.
    /// - Throws: ``CLIPError`` with code `unsupportedFormat`, `corruptData` or `limitExceeded`. The message need not
    ///   name the file, which the caller adds.
    func decode(_ data: [UInt8]) throws -> PixelImage

    /// Decodes one image, reusing the memory of an earlier image.
    ///
    /// A worker that decodes many images keeps one `PixelImage` and passes it each time. The default implementation
    /// replaces it with the result of ``decode(_:)`` and reuses nothing.
    ///
    /// - Parameters:
    ///   - data: The contents of the file.
    ///   - image: Receives the decoded image. After an error its contents are unspecified.
    /// - Throws: What ``decode(_:)`` throws.
    func decode(_ data: [UInt8], into image: inout PixelImage) throws
}

extension ImageDecoder {
    /// No further processing.
    public var postprocessing: String? { nil }

    /// Decodes one image with ``decode(_:)``, without reusing memory.
    public func decode(_ data: [UInt8], into image: inout PixelImage) throws {
        image = try decode(data)
    }
}
