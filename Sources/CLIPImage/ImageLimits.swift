internal import CLIPCore

/// How large an image may be.
///
/// Both limits are checked before any pixel is decoded.
public struct ImageLimits: Sendable, Hashable {
    /// Largest number of pixels, columns times rows.
    ///
    /// A pixel takes up to four bytes while it is decoded, twice that in an image that is turned upright, and up to
    /// twelve in a WebP image.
    ///
    /// The default, 178,956,970, is the number above which Pillow refuses an image as a decompression bomb.
    public var maxPixels: Int

    /// Largest size of a file in bytes, 1 GiB by default.
    public var maxBytes: Int

    /// Creates limits.
    ///
    /// - Precondition: Both are positive.
    public init(maxPixels: Int = 178_956_970, maxBytes: Int = 1 << 30) {
        precondition(maxPixels > 0 && maxBytes > 0, "a limit is positive")
        self.maxPixels = maxPixels
        self.maxBytes = maxBytes
    }

    func check(bytes: Int) throws(CLIPError) {
        guard bytes > maxBytes else { return }
        throw CLIPError(
            .limitExceeded,
            "The file has \(bytes) bytes; the limit is \(maxBytes) bytes. Raise maxBytes to read it."
        )
    }

    func check(width: Int, height: Int) throws(CLIPError) {
        guard width > maxPixels / height else { return }
        throw CLIPError(
            .limitExceeded,
            "The image has \(width) × \(height) pixels; the limit is \(maxPixels) pixels. Raise maxPixels to read it."
        )
    }
}
