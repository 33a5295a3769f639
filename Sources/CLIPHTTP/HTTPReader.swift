internal import CLIPCore
public import CLIPPipeline

/// Reads files from `http` and `https` URLs.
///
/// ```swift
/// let reader = HTTPReader()
/// let source = try ListSource(contentsOf: "urls.txt", locations: ImageLocations(readers: [reader]))
/// ```
///
/// Connections are limited and reused; transient failures are retried (``Options``). Certificates are verified against
/// the system's. Redirects must lead to `http` or `https`, not from `https` to `http`, and not from the internet to
/// private networks (``Options/PrivateNetworks``). Cookies and credentials are neither stored nor sent. Copies share
/// their connections.
///
/// URLs are read as browsers read them: blanks around them are removed, and spaces and characters beyond ASCII are
/// percent-encoded. Compression is not requested, but undone if a server uses it (`Content-Encoding`); a file that is
/// not compressed as the server says is taken as it is.
///
/// Cancelling the task immediately ends a transfer or the wait for a retry with `CancellationError`.
public struct HTTPReader: LocationReader {
    /// The user agent that the reader sends to servers.
    static let userAgent = "swift-openclip/\(LibraryVersion.current)"

    package let options: Options
    /// `http` and `https`.
    public let schemes = ["http", "https"]
    private let transfer: RedirectedTransfer
    private let retryPolicy: RetryPolicy
    private let sleep: @Sendable (Duration) async throws -> Void

    /// Creates a reader, which connects when it reads the first file.
    public init(options: Options = Options()) {
        self.init(options, random: { .random(in: 0..<1) }, sleep: { try await Task.sleep(for: $0) })
    }

    /// Creates a reader with custom randomness and a custom wait before retries.
    package init(
        _ options: Options,
        random: @escaping @Sendable () -> Double,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.options = options
        self.transfer = RedirectedTransfer(options)
        self.retryPolicy = RetryPolicy(options: options, random: random)
        self.sleep = sleep
    }

    /// Replaces the contents of `buffer` with the bytes of a file, keeping its capacity.
    ///
    /// - Parameters:
    ///   - location: The URL. Error messages omit its query; a URL with a user name is an error.
    ///   - maximumBytes: The size limit; a transfer is aborted as soon as it is known to exceed it.
    ///   - buffer: Receives the file; after an error its contents are unspecified.
    /// - Throws: `CLIPError` with code `notFound` (statuses 404 and 410), `limitExceeded`, or `unreadable` for all
    ///   other failures; `CancellationError`.
    public func read(_ location: String, maximumBytes: Int, into buffer: inout [UInt8]) async throws {
        _ = try await read(WebAddress(location), part: nil, maximumBytes: maximumBytes, into: &buffer)
    }

    /// Replaces the contents of `buffer` with the bytes of a file or of a part of it.
    func read(
        _ address: WebAddress,
        part: Range<Int>?,
        maximumBytes: Int,
        into buffer: inout [UInt8]
    ) async throws -> RemoteIdentity {
        let start = ContinuousClock.now
        var attempt = 1
        while true {
            try Task.checkCancellation()
            let result = try await transfer.attempt(address, part: part, maximumBytes: maximumBytes, into: &buffer)
            switch result {
            case .complete(let identity): return identity
            case .cancelled: throw CancellationError()
            default: break
            }
            guard let delay = retryPolicy.delay(after: attempt, result) else {
                let effort = attempt == 1 ? "" : " after \(attempt) attempts in \((.now - start).seconds) s"
                throw result.error(reading: address.description, maximumBytes: maximumBytes, effort: effort)
            }
            try await sleep(delay)
            attempt += 1
        }
    }
}
