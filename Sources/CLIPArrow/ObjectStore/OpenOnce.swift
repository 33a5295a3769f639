internal import Synchronization

/// Values by name, each opened when it is first asked for, and once however many ask at a time.
package final class OpenOnce<Value: Sendable>: Sendable {
    private let open: @Sendable (String) async throws -> Value
    private let values = Mutex([String: Task<Value, any Error>]())

    /// Opens nothing yet.
    package init(_ open: @escaping @Sendable (String) async throws -> Value) {
        self.open = open
    }

    /// The value of a name; one that could not be opened is tried again by who asks later.
    ///
    /// A task that is cancelled stops waiting; the value is still being opened, for others.
    ///
    /// - Throws: What opening throws; `CancellationError`.
    package func callAsFunction(_ name: String) async throws -> Value {
        let opening = values.withLock { values in
            if let opening = values[name] { return opening }
            let opening = Task {
                do {
                    return try await open(name)
                } catch {
                    self.values.withLock { $0[name] = nil }
                    throw error
                }
            }
            values[name] = opening
            return opening
        }
        let wait = Wait<Value>()
        Task { wait.end(await opening.result) }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { wait.begin($0) }
        } onCancel: {
            wait.end(.failure(CancellationError()))
        }
    }
}

/// A task that waits for a result, of which the first counts.
private final class Wait<Value: Sendable>: Sendable {
    private enum State {
        case new
        case waiting(CheckedContinuation<Value, any Error>)
        case over(Result<Value, any Error>)
    }

    private let state = Mutex(State.new)

    func begin(_ continuation: CheckedContinuation<Value, any Error>) {
        let result: Result<Value, any Error>? = state.withLock { state in
            if case .over(let result) = state { return result }
            state = .waiting(continuation)
            return nil
        }
        if let result { continuation.resume(with: result) }
    }

    func end(_ result: Result<Value, any Error>) {
        let continuation: CheckedContinuation<Value, any Error>? = state.withLock { state in
            if case .over = state { return nil }
            defer { state = .over(result) }
            guard case .waiting(let continuation) = state else { return nil }
            return continuation
        }
        continuation?.resume(with: result)
    }
}
