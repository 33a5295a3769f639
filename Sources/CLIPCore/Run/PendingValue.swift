internal import Dispatch
internal import Synchronization

/// A value that one thread computes and another waits for.
final class PendingValue<Value: Sendable>: Sendable {
    private let body: @Sendable () throws -> Value
    private let result = Mutex<Result<Value, any Error>?>(nil)
    private let isDone = DispatchSemaphore(value: 0)

    init(_ body: @escaping @Sendable () throws -> Value) {
        self.body = body
    }

    /// Computes the value; to be called once.
    func compute() {
        let computed = Result { try body() }
        result.withLock { $0 = computed }
        isDone.signal()
    }

    /// Waits for the value; to be called once.
    func wait() throws -> Value {
        isDone.wait()
        guard let result = result.withLock(\.self) else { preconditionFailure("what is done has a result") }
        return try result.get()
    }
}
