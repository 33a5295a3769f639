internal import Dispatch

/// Work on all processors at once.
package enum Parallel {
    /// Calls `body` with consecutive ranges that together are `0..<count`, from several threads, and returns when all
    /// calls have.
    ///
    /// - Parameters:
    ///   - count: Number of items.
    ///   - minimum: Items that are worth a call at the least, positive.
    ///   - body: Works on a range; must not depend on the others.
    package static func forEachRange(of count: Int, minimum: Int, _ body: (Range<Int>) -> Void) {
        let processors = ProcessorCount.current
        // More ranges than processors, so that one that is busy otherwise does not hold up the rest.
        let size = max(minimum, (count + 4 * processors - 1) / (4 * processors))
        guard size < count else { return body(0..<count) }
        withoutActuallyEscaping(body) { body in
            nonisolated(unsafe) let body = body
            DispatchQueue.concurrentPerform(iterations: (count + size - 1) / size) { index in
                body(index * size..<min((index + 1) * size, count))
            }
        }
    }
}
