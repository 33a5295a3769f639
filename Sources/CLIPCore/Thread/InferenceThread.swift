internal import Dispatch
internal import Synchronization

/// A thread of its own on which a model runs, one call at a time.
///
/// Inference blocks its thread for long, which the tasks of Swift's pool must not: an encoder keeps one of these and makes
/// its calls on it.
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
/// It is one and the same thread for good, because OpenMP keeps a team of workers for each thread that calls it. The thread
/// starts with the first call and ends with this object.
public final class InferenceThread: Sendable {
    private typealias Job = @Sendable () -> Void

    /// What the thread holds on to: not the executor, whose end is the thread's end.
    private final class Queue: Sendable {
        private let jobs = Mutex([Job]())
        private let pending = DispatchSemaphore(value: 0)

        func add(_ job: @escaping Job) {
            jobs.withLock { $0.append(job) }
            pending.signal()
        }

        /// Lets the thread end once it finds no job left.
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

    /// Prepares a thread; it starts with the first call.
    public init() {}

    deinit {
        if isStarted.withLock(\.self) { queue.close() }
    }

    /// Runs `body` on the thread, after the calls before it, and returns what it returns.
    ///
    /// A call runs to its end also when the task is cancelled meanwhile.
    ///
    /// - Throws: What `body` throws; ``CLIPError`` with code `limitExceeded` when the system has no thread left.
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
