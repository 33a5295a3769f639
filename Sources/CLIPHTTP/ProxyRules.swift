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

/// Which proxy a URL is read through, by the rules of curl.
///
/// libcurl is told and does not ask the environment itself: whether a proxy is in use decides what a connection may lead
/// to, and libcurl repeats a proxy's address, with its password, in its messages.
package struct ProxyRules: Sendable {
    private static let schemes: Set<String> = ["http", "https", "socks", "socks4", "socks4a", "socks5", "socks5h"]

    private struct Proxy {
        let address: String
        /// What to look at when it is wrong.
        let origin: String
    }

    /// By the scheme of the URL.
    private let proxies: [String: Proxy]
    private let exceptions: [String]

    /// Reads the rules.
    ///
    /// - Parameters:
    ///   - option: The proxy for all URLs, empty for none; `nil` for what the environment says.
    ///   - environment: The value of a variable.
    package init(_ option: String?, environment: (String) -> String? = Self.variable) {
        func first(_ names: [String]) -> Proxy? {
            for name in names {
                if let value = environment(name), !value.isEmpty { return Proxy(address: value, origin: name) }
            }
            return nil
        }
        // HTTP_PROXY is left out, as curl does: a web server sets it to what its client sends.
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
    /// - Throws: `CLIPError` with code `unreadable` when its address is wrong; the message does not repeat it.
    func proxy(for address: WebAddress) throws(CLIPError) -> String {
        try proxy(scheme: address.scheme, host: address.host)
    }

    /// The proxy for a host, empty for none.
    ///
    /// - Throws: `CLIPError` with code `unreadable` when its address is wrong; the message does not repeat it.
    package func proxy(scheme: String, host: String) throws(CLIPError) -> String {
        guard let proxy = proxies[scheme], !proxy.address.isEmpty, !isException(host) else { return "" }
        try openLibCurl()
        if let fault = Self.fault(in: proxy.address) {
            throw CLIPError(
                .unreadable,
                "The proxy's address in \(proxy.origin) cannot be used: \(fault). Write it as http://host:port."
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

    /// What is wrong with a proxy's address, in words that do not repeat it.
    private static func fault(in address: String) -> String? {
        guard !address.utf8.contains(0), let parts = curl.url() else { return "it has a zero byte" }
        defer { curl.url_cleanup(parts) }
        let flags = UInt32(CURLU_NON_SUPPORT_SCHEME | CURLU_GUESS_SCHEME)
        let code = curl.url_set(parts, CURLUPART_URL, address, flags)
        guard code == CURLUE_OK else { return curl.words(code) }
        guard let scheme = ImageLocations.scheme(of: address), !schemes.contains(scheme) else { return nil }
        return "it is for none of \(schemes.sorted().joined(separator: ", "))"
    }

    /// The value of an environment variable.
    package static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }
}
