internal import Dispatch
internal import Synchronization

/// Values on their way from a thread, which may block, to a task, which may not.
final class TaskHandover<Value: Sendable>: Sendable {
    private struct State {
        var values = [Value]()
        var result: Result<Void, any Error>?
        var isClosed = false
        var receiver: CheckedContinuation<Void, Never>?

        /// Whether there is something to take.
        var isReady: Bool { isClosed || !values.isEmpty || result != nil }
    }

    private let state = Mutex(State())
    private let room: DispatchSemaphore

    init(capacity: Int) {
        // A semaphore must not be released with a lower value than it was made with.
        room = DispatchSemaphore(value: 0)
        for _ in 0..<capacity { room.signal() }
    }

    /// Waits for room and adds a value; `false` when nobody wants any more.
    func add(_ value: Value) -> Bool {
        room.wait()
        return change { state in
            guard !state.isClosed else { return false }
            state.values.append(value)
            return true
        }
    }

    /// Says that no value follows.
    func end(with result: Result<Void, any Error>) {
        change { $0.result = result }
    }

    /// Says that no more values are wanted; those that are on their way are dropped.
    func close() {
        change { state in
            state.isClosed = true
            state.values = []
        }
        room.signal()
    }

    /// Waits for the next value; `nil` at the end.
    ///
    /// - Throws: What the values ended with; `CancellationError`, after which no more come.
    func next() async throws -> Value? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waits = state.withLock { state in
                    if !state.isReady { state.receiver = continuation }
                    return !state.isReady
                }
                if !waits { continuation.resume() }
            }
        } onCancel: {
            close()
        }
        try Task.checkCancellation()
        let (value, result) = state.withLock { state in
            (state.values.isEmpty ? nil : state.values.removeFirst(), state.result)
        }
        guard let value else {
            try result?.get()
            return nil
        }
        room.signal()
        return value
    }

    /// Changes the state and wakes the task that waits for that.
    @discardableResult
    private func change<Answer>(_ body: (inout sending State) -> sending Answer) -> Answer {
        let (answer, receiver) = state.withLock { state in
            let answer = body(&state)
            return (answer, state.isReady ? state.receiver.take() : nil)
        }
        receiver?.resume()
        return answer
    }
}
