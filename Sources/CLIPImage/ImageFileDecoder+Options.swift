internal import CLIPCore

extension ImageFileDecoder {
    /// Limits for the size of an image, and how unusual files are handled.
    ///
    /// All limits are checked against the header, before memory for pixels is allocated. An image exactly at a limit is
    /// decoded. A file whose scans, layers, slices, tiles or strips make a codec go through more than 2³² pixels and bytes
    /// exceeds a limit too, which is fixed.
    ///
    /// The memory of an image follows from its header: the pixels, with one to four bytes each, the same again if the
    /// image is rotated upright, and the codec's own memory:
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
    /// Some rows of the image and 256 KiB are added to that. A maliciously crafted lossless WebP file may take up to
    /// 1.4 GB more for code tables, whose size no header states.
    public struct Options: Sendable, Hashable {
        /// How to handle the orientation in a file's EXIF or XMP data.
        public enum Orientation: Sendable, Hashable, CaseIterable {
            /// Rotates the image upright, as it is meant to be viewed.
            case apply
            /// Ignores metadata, like open_clip. What Pillow turns when it opens the file is turned all the same: TIFF,
            /// and HEIC and JPEG XL with an orientation of their own.
            case ignore
        }

        package let orientation: Orientation
        package let allowTruncated: Bool
        package let acceptsDamage: Bool
        package let maxPixels: Int
        package let maxBytes: Int
        package let maxAspectRatio: Int
        package let maxMemory: Int

        /// Creates options.
        ///
        /// If truncated files are allowed, the result is that of Pillow with `ImageFile.LOAD_TRUNCATED_IMAGES`: missing
        /// data is zero in a PNG image, and filled in by libjpeg in a JPEG image. As in Pillow, a file that ends before
        /// its image data and a truncated WebP file are still errors.
        ///
        /// - Parameters:
        ///   - orientation: How to handle the EXIF orientation.
        ///   - allowTruncated: Whether a truncated file is decoded as far as it goes, as Pillow does on request, instead of
        ///     throwing an error. JPEG and PNG, and of `CLIPImageFormats` BMP, ICO, GIF, PNM and JPEG 2000.
        ///   - acceptsDamage: Whether a damaged file that Pillow reads is decoded as far as possible, with
        ///     `PixelImage.damage` set, instead of throwing an error.
        ///   - maxPixels: The maximum number of pixels, columns times rows, that are decoded, also where the image is
        ///     cropped. The default is the number above which Pillow rejects an image as a decompression bomb.
        ///   - maxBytes: The maximum file size in bytes, 1 GiB by default.
        ///   - maxAspectRatio: The maximum aspect ratio (longer side ÷ shorter side). open_clip resizes the shorter side
        ///     to the model's S pixels before cropping, so its intermediate image has S × (S · ratio) pixels: 1000 keeps
        ///     that below the default of `maxPixels` for models of up to 423 pixels. This package computes only the crop
        ///     and could allow more, but the crop of a longer strip would show less than a thousandth of it.
        ///   - maxMemory: The maximum memory in bytes for decoding one image, besides its file. The default, 4 GiB,
        ///     allows every JPEG, PNG and WebP image within the default of `maxPixels`, and nearly every one of the
        ///     formats of `CLIPImageFormats`. A run decodes several images at once, each within the limit.
        /// - Precondition: All limits are positive.
        public init(
            orientation: Orientation = .apply,
            allowTruncated: Bool = false,
            acceptsDamage: Bool = true,
            maxPixels: Int = 178_956_970,
            maxBytes: Int = 1 << 30,
            maxAspectRatio: Int = 1000,
            maxMemory: Int = 4 << 30
        ) {
            precondition(
                maxPixels > 0 && maxBytes > 0 && maxAspectRatio > 0 && maxMemory > 0,
                "limits must be positive"
            )
            self.orientation = orientation
            self.allowTruncated = allowTruncated
            self.acceptsDamage = acceptsDamage
            self.maxPixels = maxPixels
            self.maxBytes = maxBytes
            self.maxAspectRatio = maxAspectRatio
            self.maxMemory = maxMemory
        }
    }
}

extension ImageFileDecoder.Options {
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

    func check(decodedSize size: (width: Int, height: Int)) throws(CLIPError) {
        guard size.width > maxPixels / size.height else { return }
        throw CLIPError(
            .limitExceeded,
            "The image has \(size.width) × \(size.height) pixels; the limit is \(maxPixels) pixels. "
                + "Raise maxPixels (--max-pixels) to read it."
        )
    }

    func check(width: Int, height: Int) throws(CLIPError) {
        try check(decodedSize: (width, height))
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
