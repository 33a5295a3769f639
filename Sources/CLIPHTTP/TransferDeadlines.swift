/// Tracks since when a loop has been running on schedule.
///
/// If the process was suspended or the thread was delayed, nothing was received, so silence does not mean that the
/// server stalled.
package struct TransferDeadlines: Sendable {
    /// Silence before this moment does not count.
    package private(set) var since: ContinuousClock.Instant
    private var lastTurn: ContinuousClock.Instant
    private let longestTurn: Duration

    /// Starts tracking a loop.
    ///
    /// - Parameters:
    ///   - start: The current time.
    ///   - longestTurn: An iteration that takes longer is late.
    package init(start: ContinuousClock.Instant, longestTurn: Duration) {
        since = start
        lastTurn = start
        self.longestTurn = longestTurn
    }

    /// Records an iteration of the loop.
    package mutating func turn(at now: ContinuousClock.Instant) {
        if now - lastTurn > longestTurn { since = now }
        lastTurn = now
    }
}
