extension HTTPReader {
    /// How a reader connects, how long it waits, and how often it tries.
    public struct Options: Sendable {
        /// When servers are read that not everybody reaches: on this machine, on its link, and in private, shared and
        /// reserved networks.
        public enum PrivateNetworks: Sendable {
            /// When the URL that is read leads to them.
            ///
            /// A redirect leads no further inside than the server it comes from: from the internet to the internet, from a
            /// private network also into private networks, from this machine anywhere.
            case listed
            /// Always, also when a redirect from the internet leads to them.
            case always
            /// Never: for URLs that strangers have written.
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
        /// Tried again are failures that may pass: no connection, a timeout, a connection that breaks, and the statuses
        /// 408, 425, 429, 500, 502, 503 and 504. The wait before is a random part of the longest one ("full jitter"), so
        /// that many readers do not come back at once.
        ///
        /// - Parameters:
        ///   - maximumConnections: Files that are transferred at a time, each over a connection of its own. A file takes a
        ///     round trip or more, so `n` connections give at most `n / round trip` images a second: with 16 and 100 ms,
        ///     160.
        ///   - connectTimeout: How long a connection may take to stand, name lookup and TLS included.
        ///   - stallTimeout: How long a connection may be silent.
        ///   - attemptTimeout: How long one attempt may take altogether.
        ///   - retries: Attempts after the first.
        ///   - firstDelay: The longest wait before the second attempt; it doubles with each attempt.
        ///   - maximumDelay: No wait is chosen longer than this.
        ///   - maximumRetryAfter: The longest wait that a server's `Retry-After` brings about.
        ///   - maximumRedirects: Redirects that are followed, to `http` and `https` only, and from `https` to `https` only.
        ///   - privateNetworks: Whether servers in private networks are read; by default those that a URL leads to, and no
        ///     redirect from outside.
        ///   - proxy: The proxy's URL, empty for none. By default what the environment says when the reader is made:
        ///     `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy`, as curl understands them.
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
