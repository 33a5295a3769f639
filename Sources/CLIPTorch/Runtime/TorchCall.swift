internal import CLIPCore
internal import CTorch

/// Converts the status of a `libtorch-c` call to an error.
enum TorchCall {
    /// Makes a call and throws the error that it reports.
    ///
    /// - Parameters:
    ///   - task: What failed, for example `Cannot load image_encoder.pt`.
    ///   - call: Receives the pointer for the message.
    /// - Throws: `CLIPError` with `task` and libtorch's message; only the message if libtorch cannot be loaded.
    static func check(
        _ task: @autoclosure () -> String,
        _ call: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> ltc_status
    ) throws(CLIPError) {
        var message: UnsafeMutablePointer<CChar>?
        let status = call(&message)
        defer { ltc_string_free(message) }
        guard status != LTC_OK else { return }
        let reason = message.map { String(cString: $0) } ?? "there was not enough memory for the reason."
        throw CLIPError(code(of: status), status == LTC_UNAVAILABLE ? reason : "\(task()): \(reason)")
    }

    private static func code(of status: ltc_status) -> CLIPError.Code {
        switch status {
        case LTC_FILE: .invalidModel
        case LTC_DEVICE: .device
        case LTC_OUT_OF_MEMORY: .outOfMemory
        case LTC_UNAVAILABLE: .missingLibrary
        default: .inference
        }
    }
}
