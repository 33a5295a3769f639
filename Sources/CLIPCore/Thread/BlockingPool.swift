internal import Dispatch
internal import Synchronization

/// Threads for calls that block, which the tasks of Swift's pool must not make.
///
/// At most a fixed number of calls run at a time; the others wait in order. A thread starts when a call finds none that
/// is free, and ends with the pool. They block `SIGPIPE`: a connection that the other side closed is an error of the call.
package final class BlockingPool: Sendable {
    private let queue: JobQueue
    private let threads: Int
    private let startOne: @Sendable (@escaping @Sendable () -> Void) throws -> Void
    private let started = Mutex(0)

    /// Creates a pool.
    ///
    /// - Parameters:
    ///   - threads: How many calls run at a time, at least 1.
    ///   - start: Starts a thread.
    package init(
        threads: Int,
        start: @escaping @Sendable (@escaping @Sendable () -> Void) throws -> Void = SystemThread.start
    ) {
        precondition(threads > 0, "a pool has at least one thread")
        self.threads = threads
        self.startOne = start
        self.queue = JobQueue()
    }

    deinit {
        for _ in 0..<started.withLock(\.self) { queue.add(nil) }
    }

    /// Runs `body` on one of the threads and returns what it returns.
    ///
    /// A task that is cancelled stops waiting at once. A call that has started runs to its end all the same, which may be
    /// long after that, and what it returns is dropped: it must not use what its caller takes back.
    ///
    /// - Throws: What `body` throws; `CancellationError`; ``CLIPError`` with code `unreadable` when the system gives the
    ///   pool not even one thread: that says nothing about what is to be read.
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

    /// Runs `body` on one of the threads and does not wait for it.
    ///
    /// - Throws: ``CLIPError`` with code `unreadable` when the system gives the pool not even one thread.
    package func start(_ body: @escaping @Sendable () -> Void) throws {
        // Under one lock: of two calls, only one may count on the thread that is free.
        try started.withLock { started in
            if started < threads, !queue.hasFreeThread {
                do {
                    try startOne { [queue] in queue.runJobs() }
                    started += 1
                } catch {
                    // Where there are threads, they do the work.
                    if started == 0 { throw CLIPError(.unreadable, "\(error)") }
                }
            }
            queue.add(body)
        }
    }
}

/// A call whose task waits until a thread has made it, or until it is cancelled.
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

    /// Takes what to resume, unless the call was cancelled before.
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

    /// Takes the task that waits, once.
    private func end() -> CheckedContinuation<Value, any Error>? {
        state.withLock { state in
            defer { state = .over }
            guard case .waiting(let continuation) = state else { return nil }
            return continuation
        }
    }
}

/// What the threads hold on to: not the pool, whose end is theirs.
private final class JobQueue: Sendable {
    typealias Job = @Sendable () -> Void

    private struct State {
        var jobs = [Job?]()
        /// Threads that have nothing to do.
        var free = 0
    }

    private let state = Mutex(State())
    private let pending = DispatchSemaphore(value: 0)

    /// Whether a thread waits for the next job.
    var hasFreeThread: Bool {
        state.withLock { $0.free > $0.jobs.count }
    }

    /// Adds a job, or `nil` for the end of one thread.
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
