internal import CLIPCore
internal import Dispatch

/// Passes results to another writer on its own thread, so that the caller can compute the next ones.
package final class BackgroundResultWriter: ResultWriter {
    private let queue = HandoverQueue<PreparedResults>(capacity: 2)
    private let work: Work
    private var isFinished = false
    /// Checks results and does the writer's work on them that needs no order, on any thread.
    package let prepare: @Sendable (ResultBlock) throws -> PreparedResults

    /// Starts the thread.
    ///
    /// - Parameter writer: The writer, used only on the thread from now on.
    /// - Throws: `CLIPError` with code `limitExceeded` if the system has no more threads.
    package init(_ writer: sending any ResultWriter) throws {
        prepare = writer.prepare
        let work = Work(writer)
        let queue = queue
        self.work = work
        do {
            try SystemThread.start { work.write(queue) }
        } catch {
            isFinished = true
            throw error
        }
    }

    deinit {
        guard !isFinished else { return }
        queue.end(with: .failure(CancellationError()))
        try? work.wait()
    }

    /// Queues results; an error may come from an earlier block.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    package func append(_ results: PreparedResults) throws {
        precondition(!isFinished, "a failed or finished writer accepts nothing")
        guard !queue.add(results) else { return }
        isFinished = true
        try work.wait()
    }

    /// Waits until everything is written, and closes the file.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    package func finish() throws {
        precondition(!isFinished, "a writer is finished once")
        isFinished = true
        queue.end()
        try work.wait()
    }
}

/// The work of the thread.
// Sendable: only the thread uses it until `isDone` is signalled.
private final class Work: @unchecked Sendable {
    private var writer: (any ResultWriter)?
    private var result: Result<Void, any Error> = .success(())
    private let isDone = DispatchSemaphore(value: 0)

    init(_ writer: any ResultWriter) {
        self.writer = writer
    }

    func write(_ queue: HandoverQueue<PreparedResults>) {
        result = Result {
            while let results = try queue.next() { try writer?.append(results) }
            try writer?.finish()
        }
        // Before the caller continues, so that an unfinished file has already been removed.
        writer = nil
        queue.close()
        isDone.signal()
    }

    /// Waits for the end.
    func wait() throws {
        isDone.wait()
        try result.get()
    }
}
