package import CLIPCore
internal import Synchronization

/// Stops a run cleanly.
///
/// ```swift
/// let control = RunControl()
/// let task = Task { try await run.run(control: control) }
/// control.stop()  // the batch in flight is still encoded and stored
/// let summary = try await task.value  // ends with .stopped
/// ```
///
/// Stop a run that you want to resume, for example on Ctrl-C. If the result is no longer needed, cancel its task
/// instead: batches in flight are dropped, and the run throws `CancellationError`. Either way, images that were already
/// stored are kept.
public final class RunControl: Sendable {
    private struct State {
        var isStopped = false
        /// Streams that end when the run is stopped, by their number.
        var streams = [Int: AsyncStream<Never>.Continuation]()
        /// The number of streams so far.
        var streamCount = 0
    }

    private let state = Mutex(State())

    /// Creates a control for one run.
    public init() {}

    /// Ends the run after the batch in flight has been encoded and stored.
    ///
    /// May be called at any time, from any thread, more than once.
    public func stop() {
        let streams = state.withLock { state in
            defer { state.streams = [:] }
            state.isStopped = true
            return state.streams.values
        }
        for stream in streams { stream.finish() }
    }

    /// Whether ``stop()`` was called.
    package var isStopped: Bool { state.withLock(\.isStopped) }

    /// A stream that ends when the run is stopped, for one task.
    private func untilStopped() -> AsyncStream<Never> {
        let (stream, continuation) = AsyncStream<Never>.makeStream()
        let number = state.withLock { state -> Int? in
            guard !state.isStopped else { return nil }
            state.streamCount += 1
            state.streams[state.streamCount] = continuation
            return state.streamCount
        }
        if let number {
            continuation.onTermination = { [self] _ in state.withLock { $0.streams[number] = nil } }
        } else {
            continuation.finish()
        }
        return stream
    }

    /// Counts the images of a source until the run is stopped.
    ///
    /// - Throws: `CancellationError` if the run was stopped; what the source throws.
    package func count(_ source: any ImageSource) async throws -> Int? {
        try await waitForCall { try await source.count() }
    }

    /// Waits for a call on a dedicated thread, which it may block.
    ///
    /// When the run is stopped, a hanging call is abandoned.
    ///
    /// - Returns: What `body` returns.
    /// - Throws: `CancellationError` if the run was stopped; what `body` throws.
    package func waitForCall<Value: Sendable>(
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let result = try await whileNotStopped {
            let (results, continuation) = AsyncStream<Result<Value, any Error>>.makeStream()
            let calling = Task(executorPreference: BlockingExecutor(threads: 1)) {
                do {
                    continuation.yield(.success(try await body()))
                } catch {
                    continuation.yield(.failure(error))
                }
            }
            defer { calling.cancel() }
            for await result in results { return result }
            throw CancellationError()
        }
        return try result.get()
    }

    /// Runs `body`, and cancels it when the run is stopped.
    ///
    /// - Throws: `CancellationError` if it was cancelled; what `body` throws.
    func whileNotStopped<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await body() }
            group.addTask { [self] in
                for await _ in untilStopped() {}
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let value = first else { throw CancellationError() }
            return value
        }
    }
}
