internal import Dispatch
internal import Synchronization

/// A dedicated thread that runs a model, one call at a time.
///
/// Inference blocks its thread for a long time, which tasks on Swift's cooperative pool must not do. An encoder owns an
/// `InferenceThread` and makes its calls on it.
///
/// ```swift
/// struct MyEncoder: ImageEncoder {
///     let model: ModelDescription
///     private let thread = InferenceThread()
///
///     func encode(_ batch: ImageBatch) async throws -> EmbeddingMatrix {
///         try await thread.run { try infer(batch) }
///     }
/// }
/// ```
///
/// All calls run on the same thread, because OpenMP keeps a team of workers for each calling thread. The thread starts
/// with the first call and ends when this object is released.
public final class InferenceThread: Sendable {
    private typealias Job = @Sendable () -> Void

    /// Owned by the thread instead of the executor, because releasing the executor ends the thread.
    private final class Queue: Sendable {
        private let jobs = Mutex([Job]())
        private let pending = DispatchSemaphore(value: 0)

        func add(_ job: @escaping Job) {
            jobs.withLock { $0.append(job) }
            pending.signal()
        }

        /// Ends the thread after the remaining jobs.
        func close() {
            pending.signal()
        }

        func runAll() {
            while true {
                pending.wait()
                guard let job = jobs.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) else { return }
                job()
            }
        }
    }

    private let queue = Queue()
    private let isStarted = Mutex(false)

    /// Creates the object; the thread starts with the first call.
    public init() {}

    deinit {
        if isStarted.withLock(\.self) { queue.close() }
    }

    /// Runs `body` on the thread, after earlier calls, and returns its result.
    ///
    /// Cancelling the task does not interrupt the call.
    ///
    /// - Throws: What `body` throws; ``CLIPError`` with code `limitExceeded` if the system cannot start a thread.
    public func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try startThreadOnce()
        return try await withCheckedThrowingContinuation { continuation in
            queue.add { continuation.resume(with: Result(catching: body)) }
        }
    }

    private func startThreadOnce() throws {
        try isStarted.withLock { isStarted in
            if !isStarted { try SystemThread.start { [queue] in queue.runAll() } }
            isStarted = true
        }
    }
}
