internal import CCurl
internal import CLibCurl

/// How one attempt to read a file ended.
package enum TransferResult: Sendable {
    /// The whole body is there.
    case complete
    /// The server answered with a status that brings no file.
    case status(Int, retryAfter: Duration)
    /// The body is larger than allowed.
    case tooLarge
    /// There is no answer, or not all of it.
    case failed(String, isTransient: Bool)
    /// The reading task was cancelled.
    case cancelled

    /// libcurl's codes for failures that may pass.
    private static let transientCodes: Set<CURLcode.RawValue> = Set(
        [
            CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT, CURLE_PARTIAL_FILE,
            CURLE_OPERATION_TIMEDOUT, CURLE_SSL_CONNECT_ERROR, CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR,
            CURLE_HTTP2, CURLE_HTTP2_STREAM,
        ].map(\.rawValue)
    )

    /// The failure that libcurl reports, in its words where it gives no explanation.
    static func failed(_ code: CURLcode, explanation: String = "") -> TransferResult {
        let words = explanation.isEmpty ? String(cString: curl_easy_strerror(code)) : explanation
        return .failed(words, isTransient: transientCodes.contains(code.rawValue))
    }
}
