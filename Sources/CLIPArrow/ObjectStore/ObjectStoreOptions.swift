/// How to reach an object store.
///
/// Credentials are no option: they come from the usual chain of the AWS tools, which is the environment
/// (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_PROFILE`), the files in `~/.aws`, and the role of the machine.
public struct ObjectStoreOptions: Sendable {
    /// Address of a server other than Amazon's, such as `http://127.0.0.1:9000`.
    ///
    /// `nil`: what `AWS_ENDPOINT_URL_S3` or `AWS_ENDPOINT_URL` say, or else Amazon.
    public var endpoint: String?
    /// Region of the buckets; `nil`: found out from Amazon, which costs one request a bucket.
    public var region: String?
    /// Whether requests go out unsigned, as public buckets allow.
    public var isAnonymous = false
    /// How long connecting may take.
    public var connectTimeout: Duration = .seconds(10)
    /// How long a connection may stay silent.
    public var requestTimeout: Duration = .seconds(30)
    /// How often a request is tried in all.
    public var attempts = 4
    /// How many requests run at a time, each on a thread of its own.
    ///
    /// A request waits for the network most of the time, so that more than there are processors pays.
    public var maximumConnections = 16

    /// The defaults.
    public init() {}
}
