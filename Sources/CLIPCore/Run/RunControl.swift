internal import Synchronization

/// Stops a run from outside, in an orderly way.
///
/// ```swift
/// let control = RunControl()
/// Task { try await run.run(control: control) }
/// control.stop()  // the batch in flight is still encoded and stored
/// ```
public final class RunControl: Sendable {
    private let isStopRequested = Atomic(false)
    private let stream: AsyncStream<Never>
    private let continuation: AsyncStream<Never>.Continuation

    /// Creates the control of one run.
    public init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    /// Lets the batch in flight be encoded and stored, and ends the run.
    ///
    /// May be called at any time, from any thread, more than once.
    public func stop() {
        isStopRequested.store(true, ordering: .relaxed)
        continuation.finish()
    }

    /// Whether the run was told to stop.
    public var isStopped: Bool { isStopRequested.load(ordering: .relaxed) }

    /// Does some work, and cancels it when the run is told to stop.
    ///
    /// - Throws: `CancellationError` when it was cancelled; what `body` throws.
    func whileNotStopped<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await body() }
            group.addTask { [stream] in
                for await _ in stream {}
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let value = first else { throw CancellationError() }
            return value
        }
    }
}
