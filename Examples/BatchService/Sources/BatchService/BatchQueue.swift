/// Collects values into batches: full batches at once, others when their first value has waited long enough.
///
/// One task appends values, and waits while the queue holds `capacity` of them; another takes batches.
actor BatchQueue<Element: Sendable> {
    private let batchSize: Int
    private let capacity: Int
    private let patience: Duration
    private var waiting = [(element: Element, due: ContinuousClock.Instant)]()
    private var isClosed = false
    private var sender: CheckedContinuation<Void, Never>?
    private var receiver: CheckedContinuation<Void, Never>?

    init(batchSize: Int, capacity: Int, patience: Duration) {
        precondition(batchSize > 0 && capacity >= batchSize, "a full batch must fit")
        self.batchSize = batchSize
        self.capacity = capacity
        self.patience = patience
    }

    func append(_ element: Element) async {
        while waiting.count >= capacity {
            await withCheckedContinuation { sender = $0 }
        }
        waiting.append((element, .now + patience))
        wake(&receiver)
    }

    /// Marks the end of the values.
    func close() {
        isClosed = true
        wake(&receiver)
    }

    /// The next batch, of at least one value, or `nil` at the end.
    func next() async -> [Element]? {
        while waiting.isEmpty, !isClosed {
            await withCheckedContinuation { receiver = $0 }
        }
        guard let due = waiting.first?.due else { return nil }
        let alarm = Task {
            try? await Task.sleep(until: due)
            wake(&receiver)
        }
        while waiting.count < batchSize, !isClosed, due > .now {
            await withCheckedContinuation { receiver = $0 }
        }
        alarm.cancel()
        let batch = waiting.prefix(batchSize).map(\.element)
        waiting.removeFirst(batch.count)
        wake(&sender)
        return batch
    }

    private func wake(_ continuation: inout CheckedContinuation<Void, Never>?) {
        continuation?.resume()
        continuation = nil
    }
}
