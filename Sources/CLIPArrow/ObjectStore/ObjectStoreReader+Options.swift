extension ObjectStoreReader {
    /// How to reach an object store.
    ///
    /// Credentials are no option: they come from the usual chain of the AWS tools, which is the environment
    /// (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_PROFILE`), the files in `~/.aws`, and the role of the machine.
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
        ///   - endpoint: Address of a server other than Amazon's, such as `http://127.0.0.1:9000`. `nil`: what
        ///     `AWS_ENDPOINT_URL_S3` or `AWS_ENDPOINT_URL` say, or else Amazon.
        ///   - region: Region of the buckets; `nil`: found out from Amazon, which costs one request per bucket.
        ///   - isAnonymous: Whether requests go out unsigned, as public buckets allow.
        ///   - connectTimeout: How long connecting may take.
        ///   - requestTimeout: How long a connection may stay silent.
        ///   - attempts: How often a request is tried in all.
        ///   - maximumConnections: How many requests run at a time, each on a thread of its own. A request waits for the
        ///     network most of the time, so more than one per CPU core pay.
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
