internal import CLIPCore
internal import CParquet

/// Converts the status of a `libparquet-c` object store call to an error.
enum ObjectStoreCall {
    /// Makes a call and throws the reported error; the message names the object.
    static func make(_ call: (ParquetCall.Message) -> pqc_status) throws(CLIPError) {
        var message: UnsafeMutablePointer<CChar>?
        let status = call(&message)
        defer { pqc_string_free(message) }
        guard status != PQC_OK else { return }
        let reason = message.map { String(cString: $0) } ?? "There was no memory for the reason."
        switch status {
        case PQC_NOT_FOUND: throw CLIPError(.notFound, reason)
        case PQC_UNAVAILABLE: throw CLIPError(.missingLibrary, reason)
        case PQC_ACCESS_DENIED:
            throw CLIPError(.unreadable, reason + (reason.hasSuffix(".") ? " " : ". ") + credentialsHint)
        default: throw CLIPError(.unreadable, reason)
        }
    }

    private static let credentialsHint =
        "Check the credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE for a profile in ~/.aws; "
        + "for a public bucket, use anonymous access."
}
