internal import CCurl

/// One attempt to read a file, driven by the transfer thread.
final class Transfer {
    /// Bodies of error pages up to this size are read to the end, so that the connection can be reused.
    private static let maximumErrorPageBytes = 64 * 1024
    /// libcurl reports the target of a redirect only after its body.
    private static let maximumRedirectPageBytes = 1 << 20
    /// The memory that is reserved for an announced body length before any data arrives.
    private static let maximumReservedBytes = 16 << 20

    let request: TransferRequest
    private var handle: UnsafeMutableRawPointer?
    private let message = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    private let guardian = UnsafeMutablePointer<ccurl_guard>.allocate(capacity: 1)
    private var body = [UInt8]()
    private var pageBytes = 0
    private let start = ContinuousClock.now
    private var lastReceived: ContinuousClock.Instant?
    private var isTooLarge = false
    /// Why the response is not the requested part.
    private var partFault: String?

    init(_ request: TransferRequest) {
        self.request = request
        message.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        guardian.initialize(to: Self.guardian(request.innermost))
        request.swapBuffer(&body)
        body.removeAll(keepingCapacity: true)
    }

    private static func guardian(_ innermost: ccurl_network) -> ccurl_guard {
        var guardian = ccurl_guard()
        guardian.innermost = innermost
        guardian.refused = CCURL_PUBLIC
        ccurl_guard_begin_response(&guardian)
        return guardian
    }

    deinit {
        curl.easy_cleanup(handle)
        message.deallocate()
        guardian.deallocate()
    }

    /// Creates libcurl's handle, which lives as long as the transfer.
    func makeHandle(_ options: HTTPReader.Options) -> (handle: UnsafeMutableRawPointer?, code: CURLcode) {
        let code = request.url.withCString { url in
            HTTPReader.userAgent.withCString { userAgent in
                request.proxy.withCString { proxy in
                    request.range.withCString { range in
                        var settings = ccurl_request(
                            url: url,
                            user_agent: userAgent,
                            proxy: proxy,
                            range: range,
                            guard: guardian,
                            connect_timeout_ms: options.connectTimeout.milliseconds,
                            timeout_ms: request.timeout.milliseconds,
                            maximum_bytes: Int64(max(request.maximumBytes, Self.maximumRedirectPageBytes)),
                            decodes: request.decodes,
                            receive: Self.receive,
                            context: Unmanaged.passUnretained(self).toOpaque(),
                            message: message,
                            message_size: Int(CURL_ERROR_SIZE)
                        )
                        return ccurl_easy_create(&settings, &handle)
                    }
                }
            }
        }
        return (handle, code)
    }

    /// Whether the connection is open and has been silent for `timeout`; silence before `beginning` does not count.
    func isStalled(for timeout: Duration, since beginning: ContinuousClock.Instant) -> Bool {
        guard let handle else { return false }
        let connectedAfter = ccurl_connected_after(handle)
        guard connectedAfter > 0 else { return false }
        let last = max(lastReceived ?? start, start + .microseconds(connectedAfter))
        return .now - max(last, beginning) >= timeout
    }

    /// Returns the body to the request and determines how the transfer ended.
    ///
    /// - Parameters:
    ///   - code: libcurl's result.
    ///   - explanation: The reason in words; `nil` uses libcurl's.
    /// - Returns: The result; a received status takes precedence over later errors.
    func finish(_ code: CURLcode, explanation: String? = nil) -> TransferResult {
        request.swapBuffer(&body)
        guard let handle else { return .failed(code) }
        // A server with several addresses may have been reached at another one.
        let isBlocked = code == CURLE_COULDNT_CONNECT || code == CURLE_ABORTED_BY_CALLBACK
        if isBlocked, guardian.pointee.refused != CCURL_PUBLIC {
            return .refused(guardian.pointee.refused, request.privateNetworks)
        }
        let status = Int(ccurl_status(handle))
        if 300..<400 ~= status, let location = ccurl_redirect(handle) {
            return .redirect(
                to: String(cString: location),
                network: ccurl_peer_network(handle).rawValue,
                duration: .microseconds(ccurl_duration(handle))
            )
        }
        if let partFault { return .failed(partFault, isTransient: false) }
        if isWhole(status) { return .failed("the server does not send parts of files", isTransient: false) }
        let isOverLimit = isTooLarge || code == CURLE_FILESIZE_EXCEEDED
        if isOverLimit, 300..<400 ~= status { return .failed("the page of a redirect is too long", isTransient: false) }
        if status >= 400 || !bringsFile(status) && (code == CURLE_OK || isOverLimit) {
            return .status(status, retryAfter: .seconds(ccurl_retry_after(handle)))
        }
        if isOverLimit { return .tooLarge }
        if code == CURLE_OK { return .complete(identity) }
        if request.decodes, code == CURLE_BAD_CONTENT_ENCODING { return .wrongEncoding }
        if let refusal = TransferResult.refusedByProxy(ccurl_proxy_status(handle)) { return refusal }
        return .failed(code, explanation: explanation ?? reason(code))
    }

    /// The reason for a failure, in libcurl's words unless the response gives a better one.
    private func reason(_ code: CURLcode) -> String {
        let head = guardian.pointee
        if head.head_bytes > CCURL_MAXIMUM_HEAD_BYTES { return "the head of the response does not end" }
        // Of what fails to be written, `append` has refused nothing here.
        if code == CURLE_WRITE_ERROR, head.is_compressed, request.decodes {
            return "the response has more after the end of the compressed data (Content-Encoding)"
        }
        // Only a host is left as it was written.
        if code == CURLE_URL_MALFORMAT, !request.url.utf8.allSatisfy({ $0 < 0x80 }) {
            return "its host has characters beyond ASCII. \(TransferResult.hostHint)"
        }
        return String(cString: message)
    }

    /// Whether a response with this status has what was requested: the whole file, or a part of it.
    private func bringsFile(_ status: Int) -> Bool {
        if status == 206 { return request.part != nil || guardian.pointee.hasWholeFile }
        return request.part == nil && (status == 200 || status == 203)
    }

    /// Whether the server sends the whole file although a part was requested.
    private func isWhole(_ status: Int) -> Bool { request.part != nil && (200..<300 ~= status && status != 206) }

    private var identity: RemoteIdentity {
        let etag = withUnsafeBytes(of: guardian.pointee.etag) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        return RemoteIdentity(byteCount: Int(guardian.pointee.file_bytes), etag: etag)
    }

    private typealias Receiver =
        @convention(c) (UnsafeMutablePointer<CChar>, Int, Int, UnsafeMutableRawPointer) -> Int

    private static let receive: Receiver = { data, _, count, context in
        let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
        return transfer.append(UnsafeRawBufferPointer(start: data, count: count)) ? count : 0
    }

    private func append(_ data: UnsafeRawBufferPointer) -> Bool {
        guard let handle else { return false }
        lastReceived = .now
        let status = Int(ccurl_status(handle))
        guard !isWhole(status) else { return false }
        guard bringsFile(status) else {
            pageBytes += data.count
            isTooLarge = pageBytes > (status < 400 ? Self.maximumRedirectPageBytes : Self.maximumErrorPageBytes)
            return !isTooLarge
        }
        if body.isEmpty { partFault = request.partFault(guardian.pointee) }
        guard partFault == nil else { return false }
        let announced = Int(ccurl_content_length(handle))
        isTooLarge = announced > request.maximumBytes || data.count > request.maximumBytes - body.count
        guard !isTooLarge else { return false }
        if body.isEmpty { body.reserveCapacity(min(announced, Self.maximumReservedBytes)) }
        body += data
        return true
    }
}

extension Duration {
    /// In whole milliseconds, from 1 to libcurl's maximum, 24 days.
    var milliseconds: Int {
        let longest = Int(Int32.max)
        let (seconds, attoseconds) = components
        guard seconds < longest / 1000 else { return longest }
        return max(1, Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
    }
}
