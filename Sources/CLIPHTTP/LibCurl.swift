internal import CCurl
package import CLIPCore

/// The functions of libcurl, without the prefix `curl_`.
///
/// - Precondition: ``openLibCurl()`` has returned.
var curl: ccurl_functions { ccurl().pointee }

/// Loads libcurl on first use.
///
/// - Throws: `CLIPError` with code `missingLibrary`.
func openLibCurl() throws(CLIPError) {
    var isOpen = false
    let message = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1024) { message in
        message.initialize(repeating: 0)
        isOpen = message.baseAddress.flatMap { ccurl_open($0, message.count) } != nil
        return message.baseAddress.map { String(cString: $0) } ?? ""
    }
    guard isOpen else {
        throw CLIPError(
            .missingLibrary,
            "Cannot read URLs because libcurl cannot be loaded: \(message). Install it, on Debian with "
                + "'apt install libcurl4'."
        )
    }
}

extension HTTPReader {
    /// The version of libcurl and of the libraries that it uses, for example `7.88.1 OpenSSL/3.0.17 zlib/1.2.13`.
    ///
    /// - Throws: `CLIPError` with code `missingLibrary`.
    package static func libraryVersion() throws(CLIPError) -> String {
        try openLibCurl()
        let words = curl.version().map { String(cString: $0) } ?? ""
        return words.hasPrefix("libcurl/") ? String(words.dropFirst("libcurl/".count)) : words
    }
}

extension ccurl_functions {
    /// libcurl's description of a code.
    func words(_ code: CURLcode) -> String {
        easy_strerror(code).map { String(cString: $0) } ?? "error \(code.rawValue)"
    }

    /// libcurl's description of a code.
    func words(_ code: CURLUcode) -> String {
        url_strerror(code).map { String(cString: $0) } ?? "error \(code.rawValue)"
    }
}
