package import CLIPCore
internal import Synchronization

/// Stops a run from outside, in good order.
///
/// ```swift
/// let control = RunControl()
/// let task = Task { try await run.run(control: control) }
/// control.stop()  // the batch in flight is still encoded and stored
/// let summary = try await task.value  // ends with .stopped
/// ```
///
/// Stop a run whose work is to be resumed, for example on Ctrl-C. Cancel its task instead when nobody wants the result any
/// more: batches in flight are dropped then, and the run throws `CancellationError`. What was stored before stays in both
/// cases.
public final class RunControl: Sendable {
    private struct State {
        var isStopped = false
        /// Streams that end when the run is told to stop.
        var streams = [AsyncStream<Never>.Continuation]()
    }

    private let state = Mutex(State())

    /// Creates the control of one run.
    public init() {}

    /// Lets the batch in flight be encoded and stored, and ends the run.
    ///
    /// May be called at any time, from any thread, more than once.
    public func stop() {
        let streams = state.withLock { state in
            defer { state.streams = [] }
            state.isStopped = true
            return state.streams
        }
        for stream in streams { stream.finish() }
    }

    /// Whether the run was told to stop.
    package var isStopped: Bool { state.withLock(\.isStopped) }

    /// A stream that ends when the run is told to stop, for one task.
    private func untilStopped() -> AsyncStream<Never> {
        let (stream, continuation) = AsyncStream<Never>.makeStream()
        let isStopped = state.withLock { state in
            if !state.isStopped { state.streams.append(continuation) }
            return state.isStopped
        }
        if isStopped { continuation.finish() }
        return stream
    }

    /// Counts the images of a source, until the run is told to stop.
    ///
    /// Runs on a thread of its own, because walking over a source may block, and is not waited for when it hangs.
    ///
    /// - Throws: `CancellationError` when the run was stopped; what the source throws.
    package func count(_ source: any ImageSource) async throws -> Int? {
        let result = try await whileNotStopped {
            let (results, continuation) = AsyncStream<Result<Int?, any Error>>.makeStream()
            let counting = Task(executorPreference: BlockingExecutor(threads: 1)) {
                do {
                    continuation.yield(.success(try await source.count()))
                } catch {
                    continuation.yield(.failure(error))
                }
            }
            defer { counting.cancel() }
            for await result in results { return result }
            throw CancellationError()
        }
        return try result.get()
    }

    /// Does some work, and cancels it when the run is told to stop.
    ///
    /// - Throws: `CancellationError` when it was cancelled; what `body` throws.
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
