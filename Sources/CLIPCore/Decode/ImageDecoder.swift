/// Turns the bytes of an image file into pixels.
///
/// A decoder is called from several tasks at once.
public protocol ImageDecoder: Sendable {
    /// Decodes one image.
    ///
    /// - Parameter data: The whole file.
    /// - Returns: The pixels in the file's own format.
    /// - Throws: ``CLIPError`` with code `unsupportedFormat`, `corruptData` or `limitExceeded`. The message need not name
    ///   the file: the caller knows it.
    func decode(_ data: [UInt8]) throws -> PixelImage
}
