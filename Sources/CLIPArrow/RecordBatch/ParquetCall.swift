internal import CLIPCore
internal import CParquet

/// Turns the status of a `libparquet-c` call into an error.
enum ParquetCall {
    typealias Message = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

    /// Makes a call that reads and throws what it reports; the message names the file.
    static func read(_ call: (Message) -> pqc_status) throws(CLIPError) {
        try check(ioFailure: .unreadable, call)
    }

    /// Makes a call that writes and throws what it reports; the message names the file.
    static func write(_ call: (Message) -> pqc_status) throws(CLIPError) {
        try check(ioFailure: .storage, call)
    }

    private static func check(ioFailure: CLIPError.Code, _ call: (Message) -> pqc_status) throws(CLIPError) {
        var message: UnsafeMutablePointer<CChar>?
        let status = call(&message)
        defer { pqc_string_free(message) }
        guard status != PQC_OK else { return }
        let code: CLIPError.Code =
            switch status {
            case PQC_NOT_FOUND: .notFound
            case PQC_FORMAT: .corruptData
            case PQC_UNAVAILABLE: .missingLibrary
            default: ioFailure
            }
        throw CLIPError(code, message.map { String(cString: $0) } ?? "There was no memory for the reason.")
    }
}
