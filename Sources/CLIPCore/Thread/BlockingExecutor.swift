/// Runs tasks on dedicated threads, so that they may make blocking calls.
///
/// A cancelled task that hangs in a call does not end, but code that receives its result by other means need not wait
/// for it.
package final class BlockingExecutor: TaskExecutor {
    private let pool: BlockingPool

    /// Creates an executor with at most the given number of threads, at least 1.
    package init(threads: Int) {
        pool = BlockingPool(threads: threads)
    }

    /// Runs a job of a task.
    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = asUnownedTaskExecutor()
        do {
            try pool.start { job.runSynchronously(on: executor) }
        } catch {
            // Fallback if the system cannot start a thread; slower.
            globalConcurrentExecutor.enqueue(job)
        }
    }
}
