internal import CCurl
internal import Synchronization

/// Requests on their way to the transfer thread.
final class TransferQueue: Sendable {
    /// A request and the continuation that waits for its result.
    struct Entry: Sendable {
        let request: TransferRequest
        let continuation: CheckedContinuation<TransferResult, Never>
    }

    private struct State {
        var waiting = [Entry]()
        var isClosed = false
    }

    // Used by the loop's thread; others only call curl_multi_wakeup, which libcurl allows.
    nonisolated(unsafe) let multi: UnsafeMutableRawPointer
    private let state = Mutex(State())

    init(maximumConnections: Int) {
        guard let multi = ccurl_multi_create(maximumConnections) else { fatalError("out of memory") }
        self.multi = multi
    }

    deinit {
        _ = curl.multi_cleanup(multi)
    }

    func add(_ entry: Entry) {
        state.withLock { $0.waiting.append(entry) }
        wake()
    }

    /// Wakes the thread to check for new and cancelled requests.
    func wake() {
        _ = curl.multi_wakeup(multi)
    }

    /// Ends the thread.
    func close() {
        state.withLock { $0.isClosed = true }
        wake()
    }

    /// The oldest requests, up to `count`, and the cancelled ones; `nil` when the queue is closed.
    func take(upTo count: Int) -> (entries: [Entry], cancelled: [Entry])? {
        state.withLock { state in
            guard !state.isClosed else { return nil }
            let cancelled = state.waiting.filter(\.request.isCancelled)
            if !cancelled.isEmpty { state.waiting.removeAll(where: \.request.isCancelled) }
            let entries = Array(state.waiting.prefix(count))
            state.waiting.removeFirst(entries.count)
            return (entries, cancelled)
        }
    }
}
