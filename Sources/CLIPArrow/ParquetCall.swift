internal import CLIPCore
internal import CParquet

/// Turns the status of a `libparquet-c` call into an error.
enum ParquetCall {
    /// Makes a call and throws what it reports; the message names the file.
    static func check(
        _ call: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> pqc_status
    ) throws(CLIPError) {
        var message: UnsafeMutablePointer<CChar>?
        let status = call(&message)
        defer { pqc_string_free(message) }
        guard status != PQC_OK else { return }
        throw CLIPError(code(of: status), message.map { String(cString: $0) } ?? "There was no memory for the reason.")
    }

    private static func code(of status: pqc_status) -> CLIPError.Code {
        switch status {
        case PQC_NOT_FOUND: .notFound
        case PQC_FORMAT: .corruptData
        default: .storage
        }
    }
}
