internal import Synchronization

/// A file to read, and the memory that it is read into.
final class TransferRequest: Sendable {
    let url: String
    let maximumBytes: Int
    private let buffer = Mutex([UInt8]())
    private let cancelled = Atomic(false)

    init(url: String, maximumBytes: Int) {
        self.url = url
        self.maximumBytes = maximumBytes
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
