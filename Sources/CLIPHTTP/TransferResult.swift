internal import CCurl

/// What identifies a file that is read in parts.
package struct RemoteIdentity: Sendable, Hashable {
    /// The size of the whole file; -1 if the server does not tell.
    let byteCount: Int
    /// The file's version; empty if the server does not tell.
    let etag: String
}

/// How one attempt to read a file ended.
package enum TransferResult: Sendable {
    /// The body is complete.
    case complete(RemoteIdentity)
    /// The server responded with a status other than success or a redirect.
    case status(Int, retryAfter: Duration)
    /// The server redirects to another URL.
    ///
    /// `network` is the network of the server itself, a value of `ccurl_network`.
    case redirect(to: String, network: UInt32, duration: Duration)
    /// The body exceeds the size limit.
    case tooLarge
    /// The body is not compressed in the way that the server said, or libcurl does not know it.
    case wrongEncoding
    /// There was no response, or an incomplete one.
    case failed(String, isTransient: Bool)
    /// The reading task was cancelled.
    case cancelled

    /// libcurl's codes for transient failures.
    private static let transientCodes: Set<CURLcode.RawValue> = Set(
        [
            CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT, CURLE_PARTIAL_FILE,
            CURLE_OPERATION_TIMEDOUT, CURLE_SSL_CONNECT_ERROR, CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR,
            CURLE_HTTP2, CURLE_HTTP2_STREAM,
        ].map(\.rawValue)
    )

    /// A failure reported by libcurl, in its words if there is no explanation.
    static func failed(_ code: CURLcode, explanation: String = "") -> TransferResult {
        let words = explanation.isEmpty ? curl.words(code) : explanation
        return .failed(withoutCredentials(words), isTransient: transientCodes.contains(code.rawValue))
    }

    /// The failure for a proxy that does not connect to the server; `nil` if it has connected, or may do so later.
    static func refusedByProxy(_ status: Int) -> TransferResult? {
        guard status >= 300, !RetryPolicy.transientStatuses.contains(status) else { return nil }
        let hint =
            status == 407
            ? "Check the user name and the password in the proxy's URL"
            : "If the server can be reached without it, list the server in no_proxy"
        return .failed("the proxy refuses to connect to it, with HTTP \(status). \(hint)", isTransient: false)
    }

    /// The failure for a server in a more private network than the transfer may reach.
    static func refused(_ network: ccurl_network, _ option: HTTPReader.Options.PrivateNetworks) -> TransferResult {
        let place =
            switch network {
            case CCURL_LOOPBACK: "this machine"
            case CCURL_LINK_LOCAL: "this machine's own link"
            default: "a private network"
            }
        let rule = option == .never ? "are never read" : "are read only if the URL itself leads there"
        return .failed("it leads to \(place), and private networks \(rule)", isTransient: false)
    }

    /// What to do about a host with characters beyond ASCII.
    static let hostHint = "Write the host in the ASCII form of names (xn--…)"

    /// The failure for a host that a proxy, which alone sees its address, may take for another one.
    static func ambiguous(_ host: String) -> TransferResult {
        let reason = "it leads to \(host), which a proxy may take for an address in a private network"
        return .failed("\(reason). \(hostHint)", isTransient: false)
    }

    /// libcurl's message without the text before an `@`, which may be a user name and a password.
    package static func withoutCredentials(_ words: String) -> String {
        var shown = [UInt8]()
        for byte in words.utf8 {
            if byte == UInt8(ascii: "@") {
                let start = shown.lastIndex { " '\"/".utf8.contains($0) }.map { $0 + 1 } ?? 0
                shown.removeSubrange(start...)
                shown += "…".utf8
            }
            shown.append(byte)
        }
        return String(decoding: shown, as: UTF8.self)
    }
}
