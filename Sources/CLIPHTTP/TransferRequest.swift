internal import CCurl
internal import Synchronization

/// A file to read and the buffer to read it into.
final class TransferRequest: Sendable {
    let url: String
    let maximumBytes: Int
    /// The part of the file to read; `nil` for all of it.
    let part: Range<Int>?
    /// Empty for none.
    let proxy: String
    /// The most private network that a connection may lead to, and the option that determines it.
    let innermost: ccurl_network
    let privateNetworks: HTTPReader.Options.PrivateNetworks
    let timeout: Duration
    /// Whether compression is undone that the server says it used.
    let decodes: Bool
    private let buffer = Mutex([UInt8]())
    private let cancelled = Atomic(false)

    init(
        url: String,
        maximumBytes: Int,
        part: Range<Int>?,
        proxy: String,
        innermost: ccurl_network,
        privateNetworks: HTTPReader.Options.PrivateNetworks,
        timeout: Duration,
        decodes: Bool
    ) {
        self.url = url
        self.maximumBytes = maximumBytes
        self.part = part
        self.proxy = proxy
        self.innermost = innermost
        self.privateNetworks = privateNetworks
        self.timeout = timeout
        self.decodes = decodes
    }

    /// Whether the result is no longer needed.
    var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

    func cancel() {
        cancelled.store(true, ordering: .relaxed)
    }

    /// Swaps the request's buffer with the caller's, so that neither is shared.
    func swapBuffer(_ other: inout [UInt8]) {
        buffer.withLock { swap(&$0, &other) }
    }
}

extension TransferRequest {
    /// The part to request, in the form of the `Range` header; empty for the whole file.
    var range: String { part.map { "\($0.lowerBound)-\($0.upperBound - 1)" } ?? "" }

    /// Why a partial response does not bring the requested part; `nil` if it does.
    func partFault(_ head: ccurl_guard) -> String? {
        guard let part, !part.isEmpty else { return nil }
        let end = head.file_bytes < 0 ? part.upperBound : min(part.upperBound, Int(head.file_bytes))
        guard head.first_byte != part.lowerBound || head.last_byte != end - 1 else { return nil }
        let size = head.file_bytes < 0 ? "" : " of \(head.file_bytes)"
        let answer =
            head.first_byte < 0
            ? "sent a part without a valid Content-Range"
            : "sent the bytes \(head.first_byte)-\(head.last_byte)\(size)"
        return "the server was asked for the bytes \(range) and \(answer). Download it and pass its path"
    }
}

extension ccurl_guard {
    /// Whether the part that the response brings is all of the file.
    var hasWholeFile: Bool { first_byte == 0 && file_bytes > 0 && last_byte == file_bytes - 1 }
}
