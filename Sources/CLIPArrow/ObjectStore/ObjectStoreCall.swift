internal import CLIPCore
internal import CParquet

/// Turns the status of a `libparquet-c` call to an object store into an error.
enum ObjectStoreCall {
    /// Makes a call and throws what it reports; the message names the object.
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
        + "a public bucket is read without credentials when access is anonymous."
}
