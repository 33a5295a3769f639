internal import ArgumentParser
internal import CLIPHTTP
internal import CLIPPipeline

/// How object stores and web servers are read.
struct RemoteOptions: ParsableArguments {
    @Option(help: ArgumentHelp("S3 endpoint, such as http://127.0.0.1:9000 (default: Amazon's).", valueName: "url"))
    var s3Endpoint: String?

    @Option(help: ArgumentHelp("S3 region (default: detected).", valueName: "name"))
    var s3Region: String?

    @Flag(help: "Read public S3 buckets without credentials.")
    var s3Anonymous = false

    @Option(help: "Maximum parallel connections for s3://, http:// and https://.")
    var connections = HTTPReader.Options().maximumConnections

    @Option(
        help: ArgumentHelp(
            "Whether to read from web servers in private networks and on this machine.",
            discussion: """
                listed: only if a URL names such a server itself, not if a public server redirects there. always: \
                redirects too. never: for lists from untrusted sources.
                """
        )
    )
    var privateNetworks = PrivateNetworks.listed

    /// Options for web servers.
    var http: HTTPReader.Options {
        HTTPReader.Options(maximumConnections: connections, privateNetworks: privateNetworks.value)
    }

    /// The readers of paths and URIs.
    func locations(maximumFileBytes: Int) -> ImageLocations {
        SourceRecord.Readers(
            endpoint: s3Endpoint,
            region: s3Region,
            isAnonymous: s3Anonymous,
            http: http,
            maximumFileBytes: maximumFileBytes
        ).locations
    }

    func validate() throws {
        guard 1...1024 ~= connections else { throw ValidationError("--connections must be from 1 to 1024.") }
    }
}

/// The values of `--private-networks`.
enum PrivateNetworks: String, CaseIterable, ExpressibleByArgument {
    case listed
    case always
    case never

    var value: HTTPReader.Options.PrivateNetworks {
        switch self {
        case .listed: .listed
        case .always: .always
        case .never: .never
        }
    }
}
