internal import CLIPCore
public import CLIPPipeline

/// Reads files by `http` and `https` URLs.
///
/// ```swift
/// let reader = HTTPReader()
/// let source = try ListSource(contentsOf: "urls.txt", locations: ImageLocations(readers: [reader]))
/// ```
///
/// Connections are bounded, kept and used again; failures that may pass are tried again (``Options``). Certificates
/// are verified against the system's. Redirects are followed to `http` and `https` only, never from `https` to `http`, and
/// not from the internet into private networks (``Options/PrivateNetworks``). Bodies are taken as they
/// are sent; cookies and credentials are neither kept nor sent. Copies share their connections.
///
/// Cancelling the task ends a transfer or the wait before the next attempt at once, with `CancellationError`.
public struct HTTPReader: LocationReader {
    /// What the reader calls itself to servers.
    static let userAgent = "swift-openclip/\(LibraryVersion.current)"

    package let options: Options
    /// `http` and `https`.
    public let schemes = ["http", "https"]
    private let transfer: RedirectedTransfer
    private let retryPolicy: RetryPolicy
    private let sleep: @Sendable (Duration) async throws -> Void

    /// Creates a reader; it connects when the first file is read.
    public init(options: Options = Options()) {
        self.init(options, random: { .random(in: 0..<1) }, sleep: { try await Task.sleep(for: $0) })
    }

    /// Creates a reader with another source of randomness and another way to wait before the next attempt.
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

    /// Replaces the contents of `buffer` with the bytes of a file, and keeps its capacity.
    ///
    /// - Parameters:
    ///   - location: The URL. Its query is not repeated in messages; one that holds a user name is refused.
    ///   - maximumBytes: A larger file is given up as soon as its size is known.
    ///   - buffer: Takes the file; after an error its contents are unspecified.
    /// - Throws: `CLIPError` with code `notFound` (status 404 and 410), `limitExceeded`, or `unreadable` for all else;
    ///   `CancellationError`.
    public func read(_ location: String, maximumBytes: Int, into buffer: inout [UInt8]) async throws {
        let address = try WebAddress(location)
        let start = ContinuousClock.now
        var attempt = 1
        while true {
            try Task.checkCancellation()
            let result = try await transfer.attempt(address, maximumBytes: maximumBytes, into: &buffer)
            switch result {
            case .complete: return
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
