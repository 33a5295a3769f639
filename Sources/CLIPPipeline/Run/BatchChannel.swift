/// Passes values from one stage to the next, and suspends the sender while it holds `capacity` values.
///
/// One task sends and one receives. Either may close the channel. Values already in the channel can still be received;
/// sending then throws `CancellationError`.
actor BatchChannel<Element: Sendable> {
    private let capacity: Int
    private var buffer = [Element]()
    private var isClosed = false
    private var sender: CheckedContinuation<Void, Never>?
    private var receiver: CheckedContinuation<Void, Never>?

    init(capacity: Int) {
        precondition(capacity > 0, "a channel holds at least one value")
        self.capacity = capacity
    }

    func send(_ element: Element) async throws {
        while !isClosed, buffer.count >= capacity {
            await withCheckedContinuation { sender = $0 }
        }
        guard !isClosed else { throw CancellationError() }
        buffer.append(element)
        wake(&receiver)
    }

    /// The next value, or `nil` when the channel is closed and empty.
    func receive() async -> Element? {
        while !isClosed, buffer.isEmpty {
            await withCheckedContinuation { receiver = $0 }
        }
        guard !buffer.isEmpty else { return nil }
        defer { wake(&sender) }
        return buffer.removeFirst()
    }

    func close() {
        isClosed = true
        wake(&sender)
        wake(&receiver)
    }

    private func wake(_ continuation: inout CheckedContinuation<Void, Never>?) {
        continuation?.resume()
        continuation = nil
    }
}
