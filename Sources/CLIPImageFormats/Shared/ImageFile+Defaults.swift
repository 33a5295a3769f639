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

extension CLIPError {
    /// The error for a file that ends before its last pixel.
    static func truncated(_ format: String, _ data: [UInt8]) -> CLIPError {
        CLIPError(.corruptData, "The \(format) file is truncated: it ends after \(data.count) bytes.")
    }

    /// The error for a file whose contents contradict each other.
    static func damaged(_ format: String, _ reason: String) -> CLIPError {
        CLIPError(.corruptData, "The \(format) file is damaged: \(reason).")
    }

    /// The error for a variant of a format that is not read.
    static func unsupported(_ format: String, _ variant: String) -> CLIPError {
        CLIPError(.unsupportedFormat, "The \(format) file has \(variant), which is not supported. Convert it to PNG.")
    }
}
