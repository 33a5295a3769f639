internal import Dispatch
internal import Synchronization

/// Values on their way from one thread to others, a few at a time.
package final class HandoverQueue<Value: Sendable>: Sendable {
    private struct State {
        var values = [Value]()
        var result: Result<Void, any Error>?
        var isClosed = false
    }

    private let state = Mutex(State())
    private let room: DispatchSemaphore
    private let filled = DispatchSemaphore(value: 0)

    package init(capacity: Int) {
        // A semaphore must not be released with a lower value than it was made with.
        room = DispatchSemaphore(value: 0)
        for _ in 0..<capacity { room.signal() }
    }

    /// Waits for room and adds a value; `false` when nobody wants any more.
    package func add(_ value: Value) -> Bool {
        room.wait()
        let isWanted = state.withLock { state in
            guard !state.isClosed else { return false }
            state.values.append(value)
            return true
        }
        filled.signal()
        return isWanted
    }

    /// Says that no value follows.
    package func end(with result: Result<Void, any Error> = .success(())) {
        state.withLock { $0.result = result }
        filled.signal()
    }

    /// Waits for the next value; `nil` at the end.
    package func next() throws -> Value? {
        filled.wait()
        let (value, result) = state.withLock { state in
            (state.values.isEmpty ? nil : state.values.removeFirst(), state.result)
        }
        guard let value else {
            // The others have come to the end too.
            filled.signal()
            try result?.get()
            return nil
        }
        room.signal()
        return value
    }

    /// Says that no more values are wanted; those that are on their way are dropped.
    package func close() {
        state.withLock { state in
            state.isClosed = true
            state.values = []
        }
        room.signal()
        filled.signal()
    }
}
