package import CLIPCore
internal import CParquet

/// The libraries that read and write tables.
package enum ArrowLibrary {
    /// The version of `libparquet-c`, for example `3.1.0`.
    package static var wrapperVersion: String { String(cString: pqc_version()) }

    /// The version of Arrow that `libparquet-c` was built for, for example `26.0.1`, after opening it.
    ///
    /// - Throws: `CLIPError` with code `missingLibrary`.
    package static func version() throws(CLIPError) -> String {
        var reader: OpaquePointer?
        // Any call opens Arrow. There is no such file, and none is needed.
        var message: UnsafeMutablePointer<CChar>?
        let status = pqc_reader_open("", &reader, &message)
        defer {
            pqc_reader_free(reader)
            pqc_string_free(message)
        }
        guard status != PQC_UNAVAILABLE else {
            throw CLIPError(.missingLibrary, message.map { String(cString: $0) } ?? "Arrow cannot be opened.")
        }
        return String(cString: pqc_arrow_version())
    }
}
