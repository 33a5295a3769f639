/// How large a file is that is larger than allowed: the cause of the error that refuses it.
package struct ExcessiveSize: Error, CustomStringConvertible {
    package let byteCount: Int

    package var description: String { "it has \(byteCount) bytes" }
}

extension CLIPError {
    /// Refuses a file that is larger than allowed.
    package static func tooLarge(_ name: String, byteCount: Int, limit: Int) -> CLIPError {
        CLIPError(
            .limitExceeded,
            "\(name) is larger than the limit of \(limit) bytes.",
            cause: ExcessiveSize(byteCount: byteCount)
        )
    }
}
