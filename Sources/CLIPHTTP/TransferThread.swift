internal import Dispatch
internal import Synchronization

/// A thread that performs transfers; the first transfer starts it.
///
/// Transfers use libcurl's multi interface: one thread with many connections, which are reused.
final class TransferThread: Sendable {
    private let options: HTTPReader.Options
    private let started = Mutex<TransferQueue?>(nil)

    init(_ options: HTTPReader.Options) {
        precondition(options.maximumConnections > 0, "the number of connections must be positive")
        self.options = options
    }

    deinit {
        started.withLock { $0?.close() }
    }

    /// Performs a request; ends early if the task is cancelled.
    func run(_ request: TransferRequest) async -> TransferResult {
        let queue = startOnce()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { queue.add(.init(request: request, continuation: $0)) }
        } onCancel: {
            request.cancel()
            queue.wake()
        }
    }

    private func startOnce() -> TransferQueue {
        started.withLock { started in
            if let queue = started { return queue }
            let queue = TransferQueue(maximumConnections: options.maximumConnections)
            DispatchQueue(label: "swift-openclip.http").async { [options] in
                var loop = TransferLoop(queue, options)
                loop.run()
            }
            started = queue
            return queue
        }
    }
}
