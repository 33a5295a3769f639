internal import CCurl
internal import CLibCurl

/// One attempt to read a file, under way on the transfer thread.
final class Transfer {
    /// Bodies of error pages are read to their end up to this size, so that the connection can be used again.
    private static let maximumErrorPageBytes = 64 * 1024
    /// Memory that the announced length of a body may claim before the body comes.
    private static let maximumReservedBytes = 16 << 20

    let request: TransferRequest
    private var handle: UnsafeMutableRawPointer?
    private let message = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    private var body = [UInt8]()
    private var errorPageBytes = 0
    private let start = ContinuousClock.now
    private var lastReceived: ContinuousClock.Instant?
    private var isTooLarge = false

    init(_ request: TransferRequest) {
        self.request = request
        message.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        request.swapBuffer(&body)
        body.removeAll(keepingCapacity: true)
    }

    deinit {
        curl_easy_cleanup(handle)
        message.deallocate()
    }

    /// Makes libcurl's handle, which lives as long as the transfer.
    func makeHandle(_ options: HTTPOptions) -> (handle: UnsafeMutableRawPointer?, code: CURLcode) {
        let code = request.url.withCString { url in
            HTTPReader.userAgent.withCString { userAgent in
                withOptionalCString(options.proxy) { proxy in
                    var settings = ccurl_request(
                        url: url,
                        user_agent: userAgent,
                        proxy: proxy,
                        maximum_redirects: options.maximumRedirects,
                        connect_timeout_ms: options.connectTimeout.milliseconds,
                        timeout_ms: options.attemptTimeout.milliseconds,
                        maximum_bytes: Int64(request.maximumBytes),
                        receive: Self.receive,
                        context: Unmanaged.passUnretained(self).toOpaque(),
                        message: message
                    )
                    return ccurl_easy_create(&settings, &handle)
                }
            }
        }
        return (handle, code)
    }

    /// Whether the connection stands and was silent for `timeout`.
    func isStalled(for timeout: Duration) -> Bool {
        guard let handle else { return false }
        let connectedAfter = ccurl_connected_after(handle)
        guard connectedAfter > 0 else { return false }
        let last = max(lastReceived ?? start, start + .microseconds(connectedAfter))
        return .now - last >= timeout
    }

    /// Gives the body back to the request and says how the transfer ended.
    ///
    /// - Parameters:
    ///   - code: What libcurl says.
    ///   - explanation: The reason in words; without it, libcurl's.
    /// - Returns: The result; a status that was received counts more than what came after it.
    func finish(_ code: CURLcode, explanation: String? = nil) -> TransferResult {
        request.swapBuffer(&body)
        guard let handle else { return .failed(code) }
        let status = Int(ccurl_status(handle))
        if status >= 400 || code == CURLE_OK && !Self.bringsFile(status) {
            return .status(status, retryAfter: .seconds(ccurl_retry_after(handle)))
        }
        if isTooLarge || code == CURLE_FILESIZE_EXCEEDED { return .tooLarge }
        return code == CURLE_OK ? .complete : .failed(code, explanation: explanation ?? String(cString: message))
    }

    private static func bringsFile(_ status: Int) -> Bool { status == 200 || status == 203 }

    private typealias Receiver =
        @convention(c) (UnsafeMutablePointer<CChar>, Int, Int, UnsafeMutableRawPointer) -> Int

    private static let receive: Receiver = { data, _, count, context in
        let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
        return transfer.append(UnsafeRawBufferPointer(start: data, count: count)) ? count : 0
    }

    private func append(_ data: UnsafeRawBufferPointer) -> Bool {
        guard let handle else { return false }
        lastReceived = .now
        guard Self.bringsFile(Int(ccurl_status(handle))) else {
            errorPageBytes += data.count
            return errorPageBytes <= Self.maximumErrorPageBytes
        }
        guard data.count <= request.maximumBytes - body.count else {
            isTooLarge = true
            return false
        }
        if body.isEmpty {
            body.reserveCapacity(min(Int(ccurl_content_length(handle)), Self.maximumReservedBytes))
        }
        body += data
        return true
    }
}

/// Calls `body` with a text as a C string, or with `nil` where there is none.
private func withOptionalCString<Result>(_ text: String?, _ body: (UnsafePointer<CChar>?) -> Result) -> Result {
    guard let text else { return body(nil) }
    return text.withCString(body)
}

extension Duration {
    /// In whole milliseconds, 1 or more.
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        return max(1, Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
    }
}
