extension ObjectStoreReader {
    /// How to access an object store.
    ///
    /// Credentials are not an option. They come from the usual chain of the AWS tools: the environment
    /// (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_PROFILE`), the files in `~/.aws`, and the machine's role.
    public struct Options: Sendable {
        package var endpoint: String?
        package var region: String?
        package var isAnonymous: Bool
        package var connectTimeout: Duration
        package var requestTimeout: Duration
        package var attempts: Int
        package var maximumConnections: Int

        /// Creates options.
        ///
        /// - Parameters:
        ///   - endpoint: The URL of a server other than Amazon's, such as `http://127.0.0.1:9000`; `nil` for the value
        ///     of `AWS_ENDPOINT_URL_S3` or `AWS_ENDPOINT_URL`, or else Amazon.
        ///   - region: The region of the buckets; `nil` to ask Amazon, with one request per bucket.
        ///   - isAnonymous: Whether to send unsigned requests, for public buckets.
        ///   - connectTimeout: The maximum time to connect.
        ///   - requestTimeout: The maximum time that a connection may be silent.
        ///   - attempts: The maximum number of attempts per request.
        ///   - maximumConnections: The maximum number of concurrent requests, each on its own thread. Requests mostly
        ///     wait for the network, so use more than one per CPU core.
        public init(
            endpoint: String? = nil,
            region: String? = nil,
            isAnonymous: Bool = false,
            connectTimeout: Duration = .seconds(10),
            requestTimeout: Duration = .seconds(30),
            attempts: Int = 4,
            maximumConnections: Int = 16
        ) {
            self.endpoint = endpoint
            self.region = region
            self.isAnonymous = isAnonymous
            self.connectTimeout = connectTimeout
            self.requestTimeout = requestTimeout
            self.attempts = attempts
            self.maximumConnections = maximumConnections
        }
    }
}
