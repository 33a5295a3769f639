/// The size of a file that exceeds a limit, as the cause of an error.
package struct ExcessiveSize: Error, CustomStringConvertible {
    package let byteCount: Int

    package var description: String { "it has \(byteCount) bytes" }
}

extension CLIPError {
    /// An error for a file that exceeds a limit.
    package static func tooLarge(_ name: String, byteCount: Int, limit: Int) -> CLIPError {
        CLIPError(
            .limitExceeded,
            "\(name) is larger than the limit of \(limit) bytes.",
            cause: ExcessiveSize(byteCount: byteCount)
        )
    }
}
