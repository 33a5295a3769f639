package import CLIPCore

extension CLIPError {
    /// The error for a file that ends before its last pixel.
    package static func truncated(_ format: String, _ data: [UInt8]) -> CLIPError {
        CLIPError(.corruptData, "The \(format) file is truncated: it ends after \(data.count) bytes.")
    }

    /// The error for a file whose contents contradict each other.
    package static func damaged(_ format: String, _ reason: String) -> CLIPError {
        CLIPError(.corruptData, "The \(format) file is damaged: \(reason).")
    }

    /// The error for a variant of a format that is not read.
    package static func unsupported(_ format: String, _ variant: String) -> CLIPError {
        CLIPError(.unsupportedFormat, "The \(format) file has \(variant), which is not supported. Convert it to PNG.")
    }
}
