internal import CCurl
package import CLIPCore
internal import CLIPPipeline

/// A validated URL of a file, with a description that is safe to show.
package struct WebAddress: Sendable {
    package let url: String
    package let scheme: String
    /// The host as written in the URL: a name or an address; IPv6 addresses have brackets.
    package let host: String
    /// The URL without confidential parts: `?…` replaces the query, which may hold a signature.
    package let description: String

    /// Validates a URL, which is spelt as browsers do.
    ///
    /// - Throws: `CLIPError` with code `unreadable` if it is malformed or contains credentials, or `missingLibrary`
    ///   without libcurl.
    package init(_ url: String) throws(CLIPError) {
        try LocationSecrets.requireNone(in: url)
        try openLibCurl()
        guard !url.utf8.contains(0) else { throw Self.malformed("it has a zero byte") }
        let url = BrowserSpelling.of(url)
        guard let parts = curl.url() else { throw Self.malformed("there is not enough memory") }
        defer { curl.url_cleanup(parts) }
        let code = curl.url_set(parts, CURLUPART_URL, url, 0)
        guard code == CURLUE_OK else { throw Self.malformed(curl.words(code)) }
        // libcurl accepts one to three slashes and would take part of the path for the host.
        guard !url.utf8.drop(while: { $0 != UInt8(ascii: ":") }).starts(with: ":///".utf8) else {
            throw Self.malformed("it names no host")
        }
        try self.init(parts, url: url)
    }

    private init(_ parts: OpaquePointer, url: String) throws(CLIPError) {
        // Check the parts as libcurl parses them.
        for part in [CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_OPTIONS] where Self.text(part, of: parts) != nil {
            throw CLIPError(.unreadable, "A URL contains credentials. Remove the user name and password from it.")
        }
        guard let scheme = Self.text(CURLUPART_SCHEME, of: parts), let host = Self.text(CURLUPART_HOST, of: parts),
            !host.isEmpty
        else { throw Self.malformed("it names no host") }
        let query = Self.text(CURLUPART_QUERY, of: parts)
        for part in [CURLUPART_QUERY, CURLUPART_FRAGMENT] { _ = curl.url_set(parts, part, nil, 0) }
        self.url = url
        self.scheme = scheme.lowercased()
        self.host = host
        self.description = (Self.text(CURLUPART_URL, of: parts) ?? "a URL") + (query == nil ? "" : "?…")
    }

    /// The target of a redirect from this URL.
    ///
    /// - Parameter location: A URL, absolute or relative to this one; spaces are encoded, as browsers do.
    /// - Returns: The absolute URL.
    /// - Throws: `CLIPError` with code `unreadable` if the redirect must not be followed; the message completes "Cannot
    ///   read …: ".
    package func redirected(to location: String) throws(CLIPError) -> WebAddress {
        guard let parts = curl.url() else { throw CLIPError(.unreadable, "there is not enough memory for a redirect") }
        defer { curl.url_cleanup(parts) }
        _ = curl.url_set(parts, CURLUPART_URL, url, 0)
        let flags = CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE | CURLU_ALLOW_SPACE
        let code = curl.url_set(parts, CURLUPART_URL, location, UInt32(flags))
        guard code == CURLUE_OK, let target = Self.text(CURLUPART_URL, of: parts),
            let newScheme = Self.text(CURLUPART_SCHEME, of: parts)?.lowercased()
        else { throw CLIPError(.unreadable, "it is redirected to a malformed URL") }
        guard newScheme == "https" || newScheme == "http" else {
            throw CLIPError(.unreadable, "it is redirected to \(newScheme)://, but only http and https are supported")
        }
        guard scheme == "http" || newScheme == "https" else {
            throw CLIPError(
                .unreadable,
                "it is redirected from https to http, where anyone on the network path can modify it"
            )
        }
        do {
            return try WebAddress(parts, url: target)
        } catch {
            throw CLIPError(.unreadable, "it is redirected to an invalid URL: \(error.message)")
        }
    }

    private static func malformed(_ reason: String) -> CLIPError {
        CLIPError(
            .unreadable,
            "Cannot read a URL: \(reason). Write it as http://server/path, without spaces in the server's name."
        )
    }

    private static func text(_ part: CURLUPart, of parts: OpaquePointer) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl.url_get(parts, part, &text, 0) == CURLUE_OK, let text else { return nil }
        defer { curl.free(text) }
        return String(cString: text)
    }
}
