internal import CCurl
package import CLIPCore
internal import CLIPPipeline

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Selects the proxy for a URL by curl's rules.
///
/// libcurl receives the result and does not read the environment itself, for two reasons: the proxy determines which
/// networks a connection may lead to, and libcurl's messages repeat the proxy's URL with its password.
package struct ProxyRules: Sendable {
    private static let schemes: Set<String> = ["http", "https", "socks", "socks4", "socks4a", "socks5", "socks5h"]

    private struct Proxy {
        let address: String
        /// The option or variable to check if the proxy is invalid.
        let origin: String
    }

    /// Keyed by the scheme of the URL.
    private let proxies: [String: Proxy]
    private let exceptions: [String]

    /// Reads the rules.
    ///
    /// - Parameters:
    ///   - option: The proxy for all URLs, empty for none; `nil` to use the environment.
    ///   - environment: Returns the value of a variable.
    package init(_ option: String?, environment: (String) -> String? = Self.variable) {
        func first(_ names: [String]) -> Proxy? {
            for name in names {
                if let value = environment(name), !value.isEmpty { return Proxy(address: value, origin: name) }
            }
            return nil
        }
        // Like curl, ignore HTTP_PROXY: a web server sets it from its client's request.
        let all = ["all_proxy", "ALL_PROXY"]
        let given = option.map { Proxy(address: $0, origin: "the option 'proxy'") }
        var proxies = [String: Proxy]()
        proxies["http"] = given ?? first(["http_proxy"] + all)
        proxies["https"] = given ?? first(["https_proxy", "HTTPS_PROXY"] + all)
        self.proxies = proxies
        let list = environment("no_proxy") ?? environment("NO_PROXY") ?? ""
        exceptions = list.split { $0 == "," || $0 == " " || $0 == "\t" }.map(String.init)
    }

    /// The proxy for a URL, empty for none.
    ///
    /// - Throws: `CLIPError` with code `unreadable` if the proxy's URL is invalid; the message does not repeat it.
    func proxy(for address: WebAddress) throws(CLIPError) -> String {
        try proxy(scheme: address.scheme, host: address.host)
    }

    /// The proxy for a host, empty for none.
    ///
    /// - Throws: `CLIPError` with code `unreadable` if the proxy's URL is invalid; the message does not repeat it.
    package func proxy(scheme: String, host: String) throws(CLIPError) -> String {
        guard let proxy = proxies[scheme], !proxy.address.isEmpty, !isException(host) else { return "" }
        try openLibCurl()
        if let fault = Self.fault(in: proxy.address) {
            throw CLIPError(
                .unreadable,
                "The proxy URL in \(proxy.origin) is invalid: \(fault). Write it as http://host:port."
            )
        }
        return proxy.address
    }

    private func isException(_ host: String) -> Bool {
        if exceptions == ["*"] { return true }
        let name = Self.withoutFinalDot(host.lowercased())
        return exceptions.contains { exception in
            if ccurl_is_in_block(host, exception) { return true }
            var domain = Self.withoutFinalDot(exception.lowercased())
            if domain.hasPrefix(".") { domain.removeFirst() }
            return !domain.isEmpty && (name == domain || name.hasSuffix("." + domain))
        }
    }

    private static func withoutFinalDot(_ name: String) -> String {
        name.hasSuffix(".") ? String(name.dropLast()) : name
    }

    /// Why a proxy's URL is invalid, in words that do not repeat it.
    private static func fault(in address: String) -> String? {
        guard !address.utf8.contains(0), let parts = curl.url() else { return "it has a zero byte" }
        defer { curl.url_cleanup(parts) }
        let flags = UInt32(CURLU_NON_SUPPORT_SCHEME | CURLU_GUESS_SCHEME)
        let code = curl.url_set(parts, CURLUPART_URL, address, flags)
        guard code == CURLUE_OK else { return curl.words(code) }
        guard let scheme = ImageLocations.scheme(of: address), !schemes.contains(scheme) else { return nil }
        return "its scheme is none of \(schemes.sorted().joined(separator: ", "))"
    }

    /// The value of an environment variable.
    package static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }
}
