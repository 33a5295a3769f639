extension HTTPReader {
    /// Connections, timeouts and retries of a reader.
    public struct Options: Sendable {
        /// Whether to read from servers that are not publicly reachable: on this machine, on its link, and in private,
        /// shared and reserved networks.
        public enum PrivateNetworks: Sendable {
            /// Only if the requested URL leads to them.
            ///
            /// A redirect cannot lead to a more private network than that of the server it comes from: public servers
            /// can redirect only to public servers, servers in a private network also to private networks, and this
            /// machine anywhere.
            case listed
            /// Always, even if a redirect from a public server leads to them.
            case always
            /// Never; use this for URLs from untrusted sources.
            case never
        }

        package var maximumConnections: Int
        package var connectTimeout: Duration
        package var stallTimeout: Duration
        package var attemptTimeout: Duration
        package var retries: Int
        package var firstDelay: Duration
        package var maximumDelay: Duration
        package var maximumRetryAfter: Duration
        package var maximumRedirects: Int
        package var privateNetworks: PrivateNetworks
        package var proxy: String?

        /// Creates options.
        ///
        /// Transient failures are retried: no connection, a timeout, a broken connection, and the statuses 408, 425,
        /// 429, 500, 502, 503 and 504. The wait before a retry is a random fraction of the longest one ("full jitter"),
        /// so that many readers do not retry at the same time.
        ///
        /// - Parameters:
        ///   - maximumConnections: The number of files that are transferred at a time, each over its own connection. A
        ///     file takes at least one round trip, so `n` connections read at most `n / round trip` images per second:
        ///     160 with 16 connections and 100 ms.
        ///   - connectTimeout: The time limit for connecting, including name lookup and TLS.
        ///   - stallTimeout: How long a connection may receive nothing.
        ///   - attemptTimeout: The time limit for one attempt.
        ///   - retries: The number of attempts after the first.
        ///   - firstDelay: The longest wait before the second attempt; it doubles with each attempt.
        ///   - maximumDelay: The upper limit for the longest wait.
        ///   - maximumRetryAfter: The upper limit for the wait that a server's `Retry-After` requests.
        ///   - maximumRedirects: The maximum number of redirects; they must lead to `http` or `https`, and from `https`
        ///     only to `https`.
        ///   - privateNetworks: Whether to read from servers in private networks; by default only if the URL itself
        ///     leads to one, not a redirect from outside.
        ///   - proxy: The proxy's URL; empty for none. By default the environment determines the proxy when the reader
        ///     is created: `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy`, with curl's rules.
        public init(
            maximumConnections: Int = 16,
            connectTimeout: Duration = .seconds(10),
            stallTimeout: Duration = .seconds(30),
            attemptTimeout: Duration = .seconds(300),
            retries: Int = 4,
            firstDelay: Duration = .milliseconds(500),
            maximumDelay: Duration = .seconds(30),
            maximumRetryAfter: Duration = .seconds(60),
            maximumRedirects: Int = 5,
            privateNetworks: PrivateNetworks = .listed,
            proxy: String? = nil
        ) {
            self.maximumConnections = maximumConnections
            self.connectTimeout = connectTimeout
            self.stallTimeout = stallTimeout
            self.attemptTimeout = attemptTimeout
            self.retries = retries
            self.firstDelay = firstDelay
            self.maximumDelay = maximumDelay
            self.maximumRetryAfter = maximumRetryAfter
            self.maximumRedirects = maximumRedirects
            self.privateNetworks = privateNetworks
            self.proxy = proxy
        }
    }
}
