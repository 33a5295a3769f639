internal import CLIPCore
internal import CLibCurl

/// A URL of a file, checked, and what of it may be shown.
struct WebAddress {
    let url: String
    /// The URL without what may be secret: `?…` stands for the query of a signed URL.
    let description: String

    /// Checks a URL.
    ///
    /// - Throws: `CLIPError` with code `unreadable` when it is malformed or holds credentials.
    init(_ url: String) throws {
        try LocationSecrets.requireNone(in: url)
        guard !url.utf8.contains(0), let parts = curl_url() else { throw Self.malformed("it has a zero byte") }
        defer { curl_url_cleanup(parts) }
        let code = curl_url_set(parts, CURLUPART_URL, url, 0)
        guard code == CURLUE_OK else { throw Self.malformed(String(cString: curl_url_strerror(code))) }

        let query = Self.text(CURLUPART_QUERY, of: parts)
        for part in [CURLUPART_QUERY, CURLUPART_FRAGMENT] { curl_url_set(parts, part, nil, 0) }
        self.url = url
        self.description = (Self.text(CURLUPART_URL, of: parts) ?? "a URL") + (query == nil ? "" : "?…")
    }

    private static func malformed(_ reason: String) -> CLIPError {
        CLIPError(
            .unreadable,
            "Cannot read a web address: \(reason). Write spaces and other special characters in it as %20 and the like."
        )
    }

    private static func text(_ part: CURLUPart, of parts: OpaquePointer) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(parts, part, &text, 0) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}
