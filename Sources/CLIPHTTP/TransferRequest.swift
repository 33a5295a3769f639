internal import CCurl
internal import Synchronization

/// A file to read, and the memory that it is read into.
final class TransferRequest: Sendable {
    let url: String
    let maximumBytes: Int
    /// Empty for none.
    let proxy: String
    /// The innermost network to which a connection may lead, and the option that this comes from.
    let innermost: ccurl_network
    let privateNetworks: HTTPReader.Options.PrivateNetworks
    let timeout: Duration
    private let buffer = Mutex([UInt8]())
    private let cancelled = Atomic(false)

    init(
        url: String,
        maximumBytes: Int,
        proxy: String,
        innermost: ccurl_network,
        privateNetworks: HTTPReader.Options.PrivateNetworks,
        timeout: Duration
    ) {
        self.url = url
        self.maximumBytes = maximumBytes
        self.proxy = proxy
        self.innermost = innermost
        self.privateNetworks = privateNetworks
        self.timeout = timeout
    }

    /// Whether the result is of no use any more.
    var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

    func cancel() {
        cancelled.store(true, ordering: .relaxed)
    }

    /// Exchanges the request's memory with the caller's, so that nobody else refers to either.
    func swapBuffer(_ other: inout [UInt8]) {
        buffer.withLock { swap(&$0, &other) }
    }
}
