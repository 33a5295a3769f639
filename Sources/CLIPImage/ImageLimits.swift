internal import CLIPCore

/// Limits for the size of an image.
///
/// All limits are checked against the header, before memory for pixels is allocated. An image exactly at a limit is
/// decoded.
///
/// The memory of an image follows from its header: the pixels, with one to four bytes each, the same again if the image
/// is rotated upright, and the codec's own memory:
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
/// Some rows of the image and 256 KiB are added to that. A maliciously crafted lossless WebP file may take up to 1.4 GB
/// more for code tables, whose size no header states.
public struct ImageLimits: Sendable, Hashable {
    package var maxPixels: Int
    package var maxBytes: Int
    package var maxAspectRatio: Int
    package var maxMemory: Int

    /// Creates limits.
    ///
    /// - Parameters:
    ///   - maxPixels: The maximum number of pixels, columns times rows. The default is the number above which Pillow
    ///     rejects an image as a decompression bomb.
    ///   - maxBytes: The maximum file size in bytes, 1 GiB by default.
    ///   - maxAspectRatio: The maximum aspect ratio (longer side ÷ shorter side). open_clip resizes the shorter side to
    ///     the model's S pixels before cropping, so its intermediate image has S × (S · ratio) pixels: 1000 keeps that
    ///     below the default of `maxPixels` for models of up to 422 pixels. This package computes only the crop and
    ///     could allow more, but the crop of a longer strip would show less than a thousandth of it.
    ///   - maxMemory: The maximum memory in bytes for decoding one image, besides its file. The default, 4 GiB, allows
    ///     every image within the default of `maxPixels`. A run decodes several images at once, each within the limit.
    /// - Precondition: All limits are positive.
    public init(
        maxPixels: Int = 178_956_970,
        maxBytes: Int = 1 << 30,
        maxAspectRatio: Int = 1000,
        maxMemory: Int = 4 << 30
    ) {
        precondition(
            maxPixels > 0 && maxBytes > 0 && maxAspectRatio > 0 && maxMemory > 0,
            "limits must be positive"
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
        // Rounded up, so that the integer exceeds the limit exactly if the ratio of the sides does.
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
