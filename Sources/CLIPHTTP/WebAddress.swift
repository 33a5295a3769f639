internal import CCurl
package import CLIPCore
internal import CLIPPipeline

/// A URL of a file, checked, and what of it may be shown.
package struct WebAddress: Sendable {
    package let url: String
    package let scheme: String
    /// As it is in the URL: a name, or an address that an IPv6 one has brackets around.
    package let host: String
    /// The URL without what may be secret: `?…` stands for the query of a signed URL.
    package let description: String

    /// Checks a URL.
    ///
    /// - Throws: `CLIPError` with code `unreadable` when it is malformed or holds credentials, `missingLibrary`
    ///   without libcurl.
    package init(_ url: String) throws(CLIPError) {
        try LocationSecrets.requireNone(in: url)
        try openLibCurl()
        guard !url.utf8.contains(0), let parts = curl.url() else { throw Self.malformed("it has a zero byte") }
        defer { curl.url_cleanup(parts) }
        let code = curl.url_set(parts, CURLUPART_URL, url, 0)
        guard code == CURLUE_OK else { throw Self.malformed(curl.words(code)) }
        // libcurl takes up to three slashes for two, and what looks like a path for the host.
        guard !url.utf8.drop(while: { $0 != UInt8(ascii: ":") }).starts(with: ":///".utf8) else {
            throw Self.malformed("it names no host")
        }
        try self.init(parts, url: url)
    }

    private init(_ parts: OpaquePointer, url: String) throws(CLIPError) {
        // libcurl sees what it will send.
        for part in [CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_OPTIONS] where Self.text(part, of: parts) != nil {
            throw CLIPError(.unreadable, "A web address holds credentials. Take the user and the password out of it.")
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

    /// Where a redirect from this URL leads.
    ///
    /// - Parameter location: A URL, absolute or relative to this one; spaces in it are encoded, as browsers do.
    /// - Returns: The address, absolute.
    /// - Throws: `CLIPError` with code `unreadable` when nobody should follow; the message continues "Cannot read …: ".
    package func redirected(to location: String) throws(CLIPError) -> WebAddress {
        guard let parts = curl.url() else { throw CLIPError(.unreadable, "there is no memory for a redirect") }
        defer { curl.url_cleanup(parts) }
        _ = curl.url_set(parts, CURLUPART_URL, url, 0)
        let flags = CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE | CURLU_ALLOW_SPACE
        let code = curl.url_set(parts, CURLUPART_URL, location, UInt32(flags))
        guard code == CURLUE_OK, let target = Self.text(CURLUPART_URL, of: parts),
            let newScheme = Self.text(CURLUPART_SCHEME, of: parts)?.lowercased()
        else { throw CLIPError(.unreadable, "it is redirected to an address that is malformed") }
        guard newScheme == "https" || newScheme == "http" else {
            throw CLIPError(.unreadable, "it is redirected to \(newScheme)://, and only http and https are followed")
        }
        guard scheme == "http" || newScheme == "https" else {
            throw CLIPError(
                .unreadable,
                "it is redirected from https to http, where everybody on the way can change it"
            )
        }
        do {
            return try WebAddress(parts, url: target)
        } catch {
            throw CLIPError(.unreadable, "it is redirected to an address that cannot be used: \(error.message)")
        }
    }

    private static func malformed(_ reason: String) -> CLIPError {
        CLIPError(
            .unreadable,
            "Cannot read a web address: \(reason). Write spaces and other special characters in it as %20 and the like."
        )
    }

    private static func text(_ part: CURLUPart, of parts: OpaquePointer) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl.url_get(parts, part, &text, 0) == CURLUE_OK, let text else { return nil }
        defer { curl.free(text) }
        return String(cString: text)
    }
}
