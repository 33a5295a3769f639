internal import CCurl
internal import CLIPCore

/// One attempt to read a file, following redirects.
///
/// Redirects are followed here instead of in libcurl, because each may need a different proxy and must not lead to a
/// more private network than that of the server it comes from.
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
    ///   - listed: The file's URL.
    ///   - part: The part of the file to read; `nil` for all of it.
    ///   - maximumBytes: The size limit; the transfer of a larger file or part is aborted.
    ///   - buffer: Receives the file.
    /// - Returns: How the attempt ended; never `redirect` or `wrongEncoding`.
    /// - Throws: `CLIPError` with code `unreadable` if the proxy's URL is invalid.
    func attempt(
        _ listed: WebAddress,
        part: Range<Int>?,
        maximumBytes: Int,
        into buffer: inout [UInt8]
    ) async throws(CLIPError) -> TransferResult {
        var address = listed
        var innermost = options.privateNetworks == .never ? CCURL_PUBLIC : CCURL_LOOPBACK
        var timeout = options.attemptTimeout
        // A part of a compressed response cannot be decompressed by itself.
        var decodes = part == nil
        var redirects = 0
        while redirects <= max(0, options.maximumRedirects) {
            // With a proxy, this is all that is known about the server.
            let written = ccurl_network_of_host(address.host)
            guard written.rawValue <= innermost.rawValue else { return .refused(written, options.privateNetworks) }
            let proxy = try proxies.proxy(for: address)
            guard proxy.isEmpty || innermost == CCURL_LOOPBACK || ccurl_is_unambiguous_host(address.host) else {
                return .ambiguous(address.host)
            }
            let request = TransferRequest(
                url: address.url,
                maximumBytes: maximumBytes,
                part: part,
                proxy: proxy,
                // A proxy may be in any network.
                innermost: proxy.isEmpty ? innermost : CCURL_LOOPBACK,
                privateNetworks: options.privateNetworks,
                timeout: timeout,
                decodes: decodes
            )
            request.swapBuffer(&buffer)
            let result = await thread.run(request)
            request.swapBuffer(&buffer)
            switch result {
            case .wrongEncoding:
                // Files are often kept with a wrong encoding, or one such as 'aws-chunked' that was undone before.
                decodes = false
            case .redirect(let location, let network, let duration):
                redirects += 1
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
