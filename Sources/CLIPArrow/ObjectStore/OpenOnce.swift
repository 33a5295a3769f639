internal import Synchronization

/// Values by name.
///
/// Each is opened on first use, and only once however many tasks ask concurrently.
package final class OpenOnce<Value: Sendable>: Sendable {
    private let open: @Sendable (String) async throws -> Value
    private let values = Mutex([String: Task<Value, any Error>]())

    /// Creates an empty cache.
    package init(_ open: @escaping @Sendable (String) async throws -> Value) {
        self.open = open
    }

    /// Returns the value of a name.
    ///
    /// If opening it failed, a later call tries again.
    ///
    /// A cancelled task stops waiting, while the value is still opened for other tasks.
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

/// A task that waits for a result; only the first result counts.
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
