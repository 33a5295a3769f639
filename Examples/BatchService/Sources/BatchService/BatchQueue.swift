/// Collects values into batches: full ones at once, others when the first value in them has waited long enough.
///
/// One task appends, and waits while `capacity` values lie here; one task takes batches.
actor BatchQueue<Element: Sendable> {
    private let batchSize: Int
    private let capacity: Int
    private let patience: Duration
    private var waiting = [(element: Element, due: ContinuousClock.Instant)]()
    private var isClosed = false
    private var sender: CheckedContinuation<Void, Never>?
    private var receiver: CheckedContinuation<Void, Never>?

    init(batchSize: Int, capacity: Int, patience: Duration) {
        precondition(batchSize > 0 && capacity >= batchSize, "a full batch finds room")
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

    /// Says that there are no more values.
    func close() {
        isClosed = true
        wake(&receiver)
    }

    /// The next batch, of one value at least, or `nil` at the end.
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
