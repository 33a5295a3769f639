package import CLIPCore

/// What a message of OpenVINO's means.
package enum OpenVINOFailure {
    /// Parts of messages that tell a lack of memory, in lower case: of C++, the loader, OpenVINO, its CPU plug-in and oneDNN.
    private static let lackOfMemory = [
        "bad_alloc", "cannot allocate memory", "could not allocate memory", "can't alloc", "failed to allocate",
        "out of memory", "out_of_memory",
    ]

    /// The error for a call that failed.
    ///
    /// OpenVINO has no status for a lack of memory, so its message decides.
    ///
    /// - Parameters:
    ///   - task: What failed, for example `Cannot compile image_encoder.xml`.
    ///   - reason: OpenVINO's message.
    ///   - code: The code of other failures.
    /// - Returns: An error with code `outOfMemory` or `code`.
    package static func error(_ task: String, _ reason: String, _ code: CLIPError.Code) -> CLIPError {
        let text = reason.lowercased()
        guard lackOfMemory.contains(where: { text.contains($0) }) else { return CLIPError(code, "\(task): \(reason)") }
        return CLIPError(.outOfMemory, "\(task): there is not enough memory (\(reason))")
    }
}
