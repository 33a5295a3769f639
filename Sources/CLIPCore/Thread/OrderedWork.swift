/// Work on several items in parallel whose results are taken in order.
package enum OrderedWork {
    /// Computes values on up to eight CPU cores and passes them to `body` in order.
    ///
    /// `body` runs on the calling thread, which waits in between. When the call returns or throws, all work has
    /// stopped.
    ///
    /// - Parameters:
    ///   - produce: Runs on its own thread and calls `add` with each computation; few are pending at a time.
    ///   - body: Receives the computed values.
    /// - Throws: What `produce`, the computations and `body` throw, after all preceding values; ``CLIPError`` with code
    ///   `limitExceeded` if the system cannot start a thread.
    package static func run<Value: Sendable>(
        _ produce: @escaping @Sendable (_ add: (@escaping @Sendable () throws -> Value) throws -> Void) throws -> Void,
        body: (Value) throws -> Void
    ) throws {
        let workers = min(ProcessorCount.current, 8)
        let jobs = HandoverQueue<PendingValue<Value>>(capacity: 2 * workers)
        let values = HandoverQueue<PendingValue<Value>>(capacity: 2 * workers)
        let threads = ThreadGroup()
        defer {
            jobs.close()
            values.close()
            threads.wait()
        }
        try threads.start {
            let result = Result {
                try produce { compute in
                    let value = PendingValue(compute)
                    guard values.add(value), jobs.add(value) else { throw CancellationError() }
                }
            }
            values.end(with: result)
            jobs.end()
        }
        // Dedicated threads: the caller blocks a thread of the cooperative pool.
        try threads.start(upTo: workers) {
            while let value = try? jobs.next() { value.compute() }
        }
        while let value = try values.next() { try body(value.wait()) }
    }
}
