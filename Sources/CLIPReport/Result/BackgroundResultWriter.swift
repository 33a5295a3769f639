internal import CLIPCore
internal import Dispatch

/// Passes results on to another writer on a thread of its own, while the caller computes the next ones.
package final class BackgroundResultWriter: ResultWriter {
    private let queue = HandoverQueue<ResultBlock>(capacity: 2)
    private let work: Work
    private var isFinished = false

    /// Starts the thread.
    ///
    /// - Parameter writer: Is used on the thread alone from now on.
    /// - Throws: `CLIPError` with code `limitExceeded` when the system has no thread left.
    package init(_ writer: sending any ResultWriter) throws {
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

    /// Hands results over; an error may be that of an earlier block.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    package func append(_ block: ResultBlock) throws {
        precondition(!isFinished, "a writer takes nothing after it has failed or is finished")
        guard !queue.add(block) else { return }
        isFinished = true
        try work.wait()
    }

    /// Waits until everything is written, and completes the file.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    package func finish() throws {
        precondition(!isFinished, "a writer is finished once")
        isFinished = true
        queue.end()
        try work.wait()
    }
}

/// What the thread does.
// Sendable: the thread has it to itself until `isDone` is signalled.
private final class Work: @unchecked Sendable {
    private var writer: (any ResultWriter)?
    private var result: Result<Void, any Error> = .success(())
    private let isDone = DispatchSemaphore(value: 0)

    init(_ writer: any ResultWriter) {
        self.writer = writer
    }

    func write(_ queue: HandoverQueue<ResultBlock>) {
        result = Result {
            while let block = try queue.next() { try writer?.append(block) }
            try writer?.finish()
        }
        // Before the caller goes on, so that an unfinished file is gone then.
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
