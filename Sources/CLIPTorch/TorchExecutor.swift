internal import Dispatch
internal import Synchronization

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// A thread of its own on which models run, one call at a time.
///
/// Inference blocks for long, which the tasks of Swift's pool must not. It is one and the same thread for good because
/// OpenMP keeps a team of workers for each thread that calls it.
final class TorchExecutor: Sendable {
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

    deinit {
        if isStarted.withLock(\.self) { queue.close() }
    }

    /// Runs `body` on the thread and returns what it returns.
    ///
    /// - Throws: What `body` throws.
    func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        startThreadOnce()
        return try await withCheckedThrowingContinuation { continuation in
            queue.add { continuation.resume(with: Result(catching: body)) }
        }
    }

    private func startThreadOnce() {
        isStarted.withLock { isStarted in
            if !isStarted { Self.startThread(Unmanaged.passRetained(queue).toOpaque()) }
            isStarted = true
        }
    }

    private static func startThread(_ queue: UnsafeMutableRawPointer) {
        #if canImport(Darwin)
        var thread: pthread_t?
        #else
        var thread = pthread_t()
        #endif
        let status = pthread_create(&thread, nil, threadMain, queue)
        precondition(status == 0, "the system has no thread left")
    }

    private static let threadMain: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { queue in
        pthread_detach(pthread_self())
        if let queue { Unmanaged<Queue>.fromOpaque(queue).takeRetainedValue().runAll() }
        return nil
    }
}
