import CLIPCore
import Dispatch
import Testing

/// Runs tests that wait for other processes on threads of their own.
///
/// On Swift's pool, which has one thread a processor, they would keep all other tests from running.
struct OwnThreads: SuiteTrait, TestTrait, TestScoping {
    var isRecursive: Bool { true }

    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        try await withTaskExecutorPreference(ThreadExecutor.shared) { try await function() }
    }
}

extension Trait where Self == OwnThreads {
    static var ownThreads: Self { Self() }
}

/// As many threads as there are processors, so that no more tests than that start processes at a time.
private final class ThreadExecutor: TaskExecutor {
    static let shared = ThreadExecutor()

    private let free = DispatchSemaphore(value: ProcessorCount.current)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        do {
            try SystemThread.start { [self] in
                free.wait()
                defer { free.signal() }
                job.runSynchronously(on: asUnownedTaskExecutor())
            }
        } catch {
            fatalError("\(error)")
        }
    }
}
