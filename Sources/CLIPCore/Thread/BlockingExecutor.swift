/// Runs tasks on threads of their own, so that what they call may block.
///
/// A task that was cancelled and hangs in a call does not end. Nobody waits for it who reads its result from elsewhere.
package final class BlockingExecutor: TaskExecutor {
    private let pool: BlockingPool

    /// Creates an executor of at most a number of threads, at least 1.
    package init(threads: Int) {
        pool = BlockingPool(threads: threads)
    }

    /// Runs a piece of a task.
    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = asUnownedTaskExecutor()
        do {
            try pool.start { job.runSynchronously(on: executor) }
        } catch {
            // Slower, where the system has no thread left.
            globalConcurrentExecutor.enqueue(job)
        }
    }
}
