internal import CCurl

/// The loop of the transfer thread: starts waiting requests, drives running ones and delivers results.
struct TransferLoop {
    private struct Running {
        let transfer: Transfer
        let continuation: CheckedContinuation<TransferResult, Never>
    }

    private let queue: TransferQueue
    private let options: HTTPReader.Options
    /// Keyed by the address of libcurl's handle.
    private var running = [UnsafeMutableRawPointer: Running]()
    /// In milliseconds, so that silence is detected late by at most half its timeout.
    private let longestWait: Int
    private var deadlines: TransferDeadlines

    init(_ queue: TransferQueue, _ options: HTTPReader.Options) {
        self.queue = queue
        self.options = options
        longestWait = min(1000, options.stallTimeout.milliseconds / 2 + 1)
        deadlines = TransferDeadlines(start: .now, longestTurn: .milliseconds(2 * longestWait))
    }

    /// Runs until the queue is closed, which does not happen while a task waits for a result.
    mutating func run() {
        ccurl_block_sigpipe()
        while let next = queue.take(upTo: options.maximumConnections - running.count) {
            deadlines.turn(at: .now)
            for entry in next.cancelled { entry.continuation.resume(returning: .cancelled) }
            for entry in next.entries { start(entry) }
            var count: Int32 = 0
            _ = curl.multi_perform(queue.multi, &count)
            let before = running.count
            finishCompleted()
            abandonHopeless()
            let hasRoom = running.count < before
            if !hasRoom { _ = curl.multi_poll(queue.multi, nil, 0, Int32(longestWait), nil) }
        }
    }

    private mutating func start(_ entry: TransferQueue.Entry) {
        let transfer = Transfer(entry.request)
        let (handle, code) = transfer.makeHandle(options)
        guard let handle, curl.multi_add_handle(queue.multi, handle) == CURLM_OK else {
            entry.continuation.resume(returning: transfer.finish(code == CURLE_OK ? CURLE_OUT_OF_MEMORY : code))
            return
        }
        running[handle] = Running(transfer: transfer, continuation: entry.continuation)
    }

    private mutating func finishCompleted() {
        var left: Int32 = 0
        while let message = curl.multi_info_read(queue.multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle else { continue }
            let code = message.pointee.data.result
            end(handle) { $0.finish(code) }
        }
    }

    /// Ends transfers that were cancelled or have stalled.
    private mutating func abandonHopeless() {
        let silence = "the server sent nothing for \(options.stallTimeout.seconds) s"
        for (handle, entry) in running {
            if entry.transfer.request.isCancelled {
                end(handle) { _ in .cancelled }
            } else if entry.transfer.isStalled(for: options.stallTimeout, since: deadlines.since) {
                end(handle) { $0.finish(CURLE_OPERATION_TIMEDOUT, explanation: silence) }
            }
        }
    }

    private mutating func end(_ handle: UnsafeMutableRawPointer, _ result: (Transfer) -> TransferResult) {
        guard let entry = running.removeValue(forKey: handle) else { return }
        _ = curl.multi_remove_handle(queue.multi, handle)
        entry.continuation.resume(returning: result(entry.transfer))
    }
}
