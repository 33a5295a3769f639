internal import CCurl
internal import CLIPCore

/// From the URL of a file to the server that has it: one attempt, with the redirects on the way.
///
/// Redirects are followed here and not by libcurl, because each may need another proxy and leads no further inside than
/// the server it comes from.
struct RedirectedTransfer: Sendable {
    private let options: HTTPReader.Options
    private let proxies: ProxyRules
    private let thread: TransferThread

    init(_ options: HTTPReader.Options) {
        self.options = options
        proxies = ProxyRules(options.proxy)
        thread = TransferThread(options)
    }

    /// Reads the file.
    ///
    /// - Parameters:
    ///   - listed: Its URL.
    ///   - maximumBytes: A larger file is given up.
    ///   - buffer: Takes the file.
    /// - Returns: How the attempt ended; never `redirect`.
    /// - Throws: `CLIPError` with code `unreadable` where the proxy's address is wrong.
    func attempt(
        _ listed: WebAddress,
        maximumBytes: Int,
        into buffer: inout [UInt8]
    ) async throws(CLIPError) -> TransferResult {
        var address = listed
        var innermost = options.privateNetworks == .never ? CCURL_PUBLIC : CCURL_LOOPBACK
        var timeout = options.attemptTimeout
        for _ in 0...max(0, options.maximumRedirects) {
            // Behind a proxy this is all that is known of the server.
            let written = ccurl_network_of_host(address.host)
            guard written.rawValue <= innermost.rawValue else { return .refused(written, options.privateNetworks) }
            let proxy = try proxies.proxy(for: address)
            let request = TransferRequest(
                url: address.url,
                maximumBytes: maximumBytes,
                proxy: proxy,
                // A proxy may stand anywhere.
                innermost: proxy.isEmpty ? innermost : CCURL_LOOPBACK,
                privateNetworks: options.privateNetworks,
                timeout: timeout
            )
            request.swapBuffer(&buffer)
            let result = await thread.run(request)
            request.swapBuffer(&buffer)
            switch result {
            case .redirect(let location, let network, let duration):
                timeout -= duration
                do {
                    address = try address.redirected(to: location)
                } catch {
                    return .failed(error.message, isTransient: false)
                }
                guard options.privateNetworks == .listed else { continue }
                let server = proxy.isEmpty ? ccurl_network(rawValue: network) : written
                if server.rawValue < innermost.rawValue { innermost = server }
            default: return result
            }
        }
        return .failed("it is redirected more than \(options.maximumRedirects) times", isTransient: false)
    }
}
