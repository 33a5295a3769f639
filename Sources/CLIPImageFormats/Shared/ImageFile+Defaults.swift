internal import CLIPCore
internal import CLIPImage

/// What holds for most formats.
extension ImageFile {
    /// Upright: the format knows no orientation.
    var orientation: EXIFOrientation { .upright }

    /// None: rows are written where they belong.
    func codecMemory() -> DecodingMemory { DecodingMemory(bytes: 0) }
}

extension PixelImage {
    /// Says that rows or tiles are missing.
    mutating func markTruncated() {
        damage = "the file ends within its image data"
    }
}
