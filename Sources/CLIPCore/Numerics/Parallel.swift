internal import Dispatch

/// Parallel work on all CPU cores.
package enum Parallel {
    /// Calls `body` on several threads with consecutive ranges that together cover `0..<count`, and returns when all
    /// calls have returned.
    ///
    /// - Parameters:
    ///   - count: The number of items.
    ///   - minimum: The minimum number of items per call; positive.
    ///   - body: Processes a range, independently of the others.
    package static func forEachRange(of count: Int, minimum: Int, _ body: (Range<Int>) -> Void) {
        let processors = ProcessorCount.current
        // More ranges than CPU cores, so that a core that is busy does not delay the rest.
        forEachTile(of: count, size: max(minimum, (count + 4 * processors - 1) / (4 * processors)), body)
    }

    /// Calls `body` on several threads with consecutive ranges that together cover `0..<count`, and returns when all
    /// calls have returned.
    ///
    /// - Parameters:
    ///   - count: The number of items.
    ///   - size: The number of items per call, except for the last one; positive.
    ///   - body: Processes a range, independently of the others.
    package static func forEachTile(of count: Int, size: Int, _ body: (Range<Int>) -> Void) {
        guard size < count else { return body(0..<count) }
        withoutActuallyEscaping(body) { body in
            nonisolated(unsafe) let body = body
            DispatchQueue.concurrentPerform(iterations: (count + size - 1) / size) { index in
                body(index * size..<min((index + 1) * size, count))
            }
        }
    }
}
