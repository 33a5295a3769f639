internal import Dispatch
internal import Synchronization

/// A bounded queue that passes values from one thread to others.
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
        // A semaphore must not be released with a value below its initial one.
        room = DispatchSemaphore(value: 0)
        for _ in 0..<capacity { room.signal() }
    }

    /// Waits for room and adds a value; returns `false` if the queue is closed.
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

    /// Marks the end of the values.
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
            // Wake the other consumers, which have reached the end too.
            filled.signal()
            try result?.get()
            return nil
        }
        room.signal()
        return value
    }

    /// Closes the queue for the consumers and discards pending values.
    package func close() {
        state.withLock { state in
            state.isClosed = true
            state.values = []
        }
        room.signal()
        filled.signal()
    }
}
