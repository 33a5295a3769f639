internal import Dispatch
internal import Synchronization

/// A thread pool for blocking calls, which must not run on Swift's cooperative pool.
///
/// At most a fixed number of calls run at a time; the others wait in order. A thread starts if no thread is free for a
/// call, and ends with the pool. The threads block `SIGPIPE`, so that a connection closed by the peer is an error of
/// the call.
package final class BlockingPool: Sendable {
    private let queue: JobQueue
    private let threads: Int
    private let startOne: @Sendable (@escaping @Sendable () -> Void) throws -> Void
    private let started = Mutex(0)

    /// Creates a pool.
    ///
    /// - Parameters:
    ///   - threads: The maximum number of concurrent calls, at least 1.
    ///   - start: Starts a thread.
    package init(
        threads: Int,
        start: @escaping @Sendable (@escaping @Sendable () -> Void) throws -> Void = SystemThread.start
    ) {
        precondition(threads > 0, "the number of threads must be positive")
        self.threads = threads
        self.startOne = start
        self.queue = JobQueue()
    }

    deinit {
        for _ in 0..<started.withLock(\.self) { queue.add(nil) }
    }

    /// Runs `body` on one of the threads and returns its result.
    ///
    /// A cancelled task stops waiting immediately. A call that has started still runs to its end, possibly much later,
    /// and its result is discarded: it must not use anything that its caller reclaims.
    ///
    /// - Throws: What `body` throws; `CancellationError`; ``CLIPError`` with code `unreadable` if the system cannot
    ///   start even one thread, which says nothing about the data to be read.
    package func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        let call = PendingCall(body)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                guard call.wait(continuation) else { return }
                do {
                    try start { call.run() }
                } catch {
                    call.fail(error)
                }
            }
        } onCancel: {
            call.fail(CancellationError())
        }
    }

    /// Runs `body` on one of the threads without waiting for it.
    ///
    /// - Throws: ``CLIPError`` with code `unreadable` if the system cannot start even one thread.
    package func start(_ body: @escaping @Sendable () -> Void) throws {
        // Under one lock, so that two calls do not both count on the same free thread.
        try started.withLock { started in
            if started < threads, !queue.hasFreeThread {
                do {
                    try startOne { [queue] in queue.runJobs() }
                    started += 1
                } catch {
                    // If other threads exist, they do the work.
                    if started == 0 { throw CLIPError(.unreadable, "\(error)") }
                }
            }
            queue.add(body)
        }
    }
}

/// A call whose task waits until a thread has completed it or the task is cancelled.
private final class PendingCall<Value: Sendable>: Sendable {
    private enum State {
        case new
        case waiting(CheckedContinuation<Value, any Error>)
        case over
    }

    private let body: @Sendable () throws -> Value
    private let state = Mutex(State.new)

    init(_ body: @escaping @Sendable () throws -> Value) {
        self.body = body
    }

    /// Stores the continuation, unless the call was cancelled before.
    func wait(_ continuation: CheckedContinuation<Value, any Error>) -> Bool {
        let isWaiting = state.withLock { state in
            guard case .new = state else { return false }
            state = .waiting(continuation)
            return true
        }
        if !isWaiting { continuation.resume(throwing: CancellationError()) }
        return isWaiting
    }

    func run() {
        guard isWanted else { return }
        let result = Result(catching: body)
        end()?.resume(with: result)
    }

    func fail(_ error: any Error) {
        end()?.resume(throwing: error)
    }

    private var isWanted: Bool {
        state.withLock { state in
            if case .waiting = state { true } else { false }
        }
    }

    /// Takes the continuation, once.
    private func end() -> CheckedContinuation<Value, any Error>? {
        state.withLock { state in
            defer { state = .over }
            guard case .waiting(let continuation) = state else { return nil }
            return continuation
        }
    }
}

/// Owned by the threads instead of the pool, because releasing the pool ends the threads.
private final class JobQueue: Sendable {
    typealias Job = @Sendable () -> Void

    private struct State {
        var jobs = [Job?]()
        /// The number of idle threads.
        var free = 0
    }

    private let state = Mutex(State())
    private let pending = DispatchSemaphore(value: 0)

    /// Whether a thread is waiting for a job.
    var hasFreeThread: Bool {
        state.withLock { $0.free > $0.jobs.count }
    }

    /// Adds a job, or `nil` to end one thread.
    func add(_ job: Job?) {
        state.withLock { $0.jobs.append(job) }
        pending.signal()
    }

    func runJobs() {
        while true {
            state.withLock { $0.free += 1 }
            pending.wait()
            let job = state.withLock { state in
                state.free -= 1
                return state.jobs.removeFirst()
            }
            guard let job else { return }
            job()
        }
    }
}
