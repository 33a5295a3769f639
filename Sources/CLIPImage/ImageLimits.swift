internal import CLIPCore

/// How large an image may be.
///
/// All limits are checked in the header, before memory for a pixel is taken, and an image on a limit is decoded.
///
/// What memory an image takes follows from its header: the pixels, in one to four bytes each, again as much where they are
/// turned upright, and what the codec holds meanwhile:
///
/// | File | Bytes per pixel for the codec |
/// | --- | --- |
/// | JPEG, baseline in one scan | none |
/// | JPEG, progressive or in several scans | two per channel, fewer with subsampled chroma |
/// | PNG, interlaced or not | none |
/// | WebP, lossy: without alpha, with alpha | none, six |
/// | WebP, lossless | four |
/// | WebP, animated: without alpha, with alpha | twelve, fourteen |
///
/// Some rows of the image and 256 KiB come to that. A lossless WebP file that was made to do harm may take up to
/// 1.4 GB more for code tables, which no header announces.
public struct ImageLimits: Sendable, Hashable {
    package var maxPixels: Int
    package var maxBytes: Int
    package var maxAspectRatio: Int
    package var maxMemory: Int

    /// Creates limits.
    ///
    /// - Parameters:
    ///   - maxPixels: Largest number of pixels, columns times rows. The default is the number above which Pillow refuses an
    ///     image as a decompression bomb.
    ///   - maxBytes: Largest size of a file in bytes, 1 GiB by default.
    ///   - maxAspectRatio: Largest number of times that the longer side may be as long as the shorter one. open_clip
    ///     resizes the shorter side to the model's S pixels before it crops, so it holds S × (S · ratio) pixels in between:
    ///     1000 keeps that below the default of `maxPixels` for models of up to 422 pixels. This package computes the crop
    ///     only and could go further, but of a longer strip the crop shows less than a thousandth.
    ///   - maxMemory: Largest memory in bytes that decoding one image takes besides its file. The default, 4 GiB, admits
    ///     every image within the default of `maxPixels`. A run decodes several images at once, each within the limit.
    /// - Precondition: All are positive.
    public init(
        maxPixels: Int = 178_956_970,
        maxBytes: Int = 1 << 30,
        maxAspectRatio: Int = 1000,
        maxMemory: Int = 4 << 30
    ) {
        precondition(
            maxPixels > 0 && maxBytes > 0 && maxAspectRatio > 0 && maxMemory > 0,
            "a limit is positive"
        )
        self.maxPixels = maxPixels
        self.maxBytes = maxBytes
        self.maxAspectRatio = maxAspectRatio
        self.maxMemory = maxMemory
    }

    func check(bytes: Int) throws(CLIPError) {
        guard bytes > maxBytes else { return }
        throw CLIPError(
            .limitExceeded,
            "The file has \(bytes) bytes; the limit is \(maxBytes) bytes. Raise maxBytes (--max-bytes) to read it."
        )
    }

    func check(memory: DecodingMemory) throws(CLIPError) {
        guard memory.bytes > maxMemory else { return }
        throw CLIPError(
            .limitExceeded,
            "Decoding the image takes up to \(memory.bytes) bytes of memory; the limit is \(maxMemory) bytes. "
                + "Raise maxMemory (--max-memory) to read it."
        )
    }

    func check(width: Int, height: Int) throws(CLIPError) {
        if width > maxPixels / height {
            throw CLIPError(
                .limitExceeded,
                "The image has \(width) × \(height) pixels; the limit is \(maxPixels) pixels. "
                    + "Raise maxPixels (--max-pixels) to read it."
            )
        }
        let (long, short) = (max(width, height), min(width, height))
        // Rounded up, so that the ratio of two sides is above the limit exactly where this is.
        let ratio = (long - 1) / short + 1
        if ratio > maxAspectRatio {
            throw CLIPError(
                .limitExceeded,
                "The image has \(width) × \(height) pixels, an aspect ratio of \(ratio); "
                    + "the limit is \(maxAspectRatio). Raise maxAspectRatio (--max-aspect-ratio) to read it."
            )
        }
    }
}
