internal import Dispatch
internal import Synchronization

/// A value that one thread computes and another waits for.
final class PendingValue<Value: Sendable>: Sendable {
    private enum State {
        case waiting(@Sendable () throws -> Value)
        case computing
        case done(Result<Value, any Error>)
    }

    private let state: Mutex<State>
    private let isDone = DispatchSemaphore(value: 0)

    init(_ body: @escaping @Sendable () throws -> Value) {
        state = Mutex(.waiting(body))
    }

    /// Computes the value, once.
    func compute() {
        let result = Result { try takeBody()() }
        state.withLock { $0 = .done(result) }
        isDone.signal()
    }

    /// Waits for the value, once.
    func wait() throws -> Value {
        isDone.wait()
        return try state.withLock { state in
            guard case .done(let result) = state else { preconditionFailure("a completed value must have a result") }
            return result
        }.get()
    }

    /// Releases what the value is computed from as early as possible: it may be a block of vectors.
    private func takeBody() -> @Sendable () throws -> Value {
        state.withLock { state in
            guard case .waiting(let body) = state else { preconditionFailure("a value must be computed only once") }
            state = .computing
            return body
        }
    }
}
