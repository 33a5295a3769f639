internal import CLIPCore
internal import CParquet

/// Converts the status of a `libparquet-c` call to an error.
enum ParquetCall {
    typealias Message = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

    /// Makes a reading call and throws the reported error; the message names the file.
    static func read(_ call: (Message) -> pqc_status) throws(CLIPError) {
        try check(ioFailure: .unreadable, call)
    }

    /// Makes a writing call and throws the reported error; the message names the file.
    static func write(_ call: (Message) -> pqc_status) throws(CLIPError) {
        try check(ioFailure: .storage, call)
    }

    /// Makes a call on a stream between processes, which gets `outOfMemory` for lack of memory: it may be tried again.
    static func stream(ioFailure: CLIPError.Code, _ call: (Message) -> pqc_status) throws(CLIPError) {
        try check(ioFailure: ioFailure, outOfMemory: .outOfMemory, call)
    }

    private static func check(
        ioFailure: CLIPError.Code,
        outOfMemory: CLIPError.Code? = nil,
        _ call: (Message) -> pqc_status
    ) throws(CLIPError) {
        var message: UnsafeMutablePointer<CChar>?
        let status = call(&message)
        defer { pqc_string_free(message) }
        guard status != PQC_OK else { return }
        let code: CLIPError.Code =
            switch status {
            case PQC_NOT_FOUND: .notFound
            case PQC_FORMAT: .corruptData
            case PQC_UNAVAILABLE: .missingLibrary
            case PQC_OUT_OF_MEMORY: outOfMemory ?? ioFailure
            default: ioFailure
            }
        throw CLIPError(code, message.map { String(cString: $0) } ?? "There was no memory for the reason.")
    }
}
