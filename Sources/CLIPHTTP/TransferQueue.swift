internal import CCurl
internal import Synchronization

/// Requests on their way to the thread that carries them out.
final class TransferQueue: Sendable {
    /// A request, and who waits for its result.
    struct Entry: Sendable {
        let request: TransferRequest
        let continuation: CheckedContinuation<TransferResult, Never>
    }

    private struct State {
        var waiting = [Entry]()
        var isClosed = false
    }

    // The loop's thread uses it; others only call curl_multi_wakeup, which libcurl allows.
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

    /// Makes the thread look at what is new or cancelled.
    func wake() {
        _ = curl.multi_wakeup(multi)
    }

    /// Lets the thread end.
    func close() {
        state.withLock { $0.isClosed = true }
        wake()
    }

    /// The oldest requests, as many as there are connections for, and those that were cancelled; `nil` at the end.
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
