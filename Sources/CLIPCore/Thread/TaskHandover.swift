internal import Dispatch
internal import Synchronization

/// Passes values from a thread, which may block, to a task, which may not.
final class TaskHandover<Value: Sendable>: Sendable {
    private struct State {
        var values = [Value]()
        var result: Result<Void, any Error>?
        var isClosed = false
        var receiver: CheckedContinuation<Void, Never>?

        /// Whether a value or the end is available.
        var isReady: Bool { isClosed || !values.isEmpty || result != nil }
    }

    private let state = Mutex(State())
    private let room: DispatchSemaphore

    init(capacity: Int) {
        // A semaphore must not be released with a value below its initial one.
        room = DispatchSemaphore(value: 0)
        for _ in 0..<capacity { room.signal() }
    }

    /// Waits for room and adds a value; returns `false` if the consumer has closed.
    func add(_ value: Value) -> Bool {
        room.wait()
        return change { state in
            guard !state.isClosed else { return false }
            state.values.append(value)
            return true
        }
    }

    /// Marks the end of the values.
    func end(with result: Result<Void, any Error>) {
        change { $0.result = result }
    }

    /// Closes for the consumer and discards pending values.
    func close() {
        change { state in
            state.isClosed = true
            state.values = []
        }
        room.signal()
    }

    /// Waits for the next value; `nil` at the end.
    ///
    /// - Throws: The error that the values ended with; `CancellationError`, after which there are no more values.
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

    /// Changes the state and wakes the waiting task.
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
