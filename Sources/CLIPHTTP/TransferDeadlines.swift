/// Since when a loop has come around in time.
///
/// While it is held up, because the process was stopped or something took the thread, nothing is received, and a server's
/// silence says nothing about the server.
package struct TransferDeadlines: Sendable {
    /// Silence before this moment does not count.
    package private(set) var since: ContinuousClock.Instant
    private var lastTurn: ContinuousClock.Instant
    private let longestTurn: Duration

    /// Starts to watch a loop.
    ///
    /// - Parameters:
    ///   - start: The present moment.
    ///   - longestTurn: A turn that takes longer is late.
    package init(start: ContinuousClock.Instant, longestTurn: Duration) {
        since = start
        lastTurn = start
        self.longestTurn = longestTurn
    }

    /// Notes that the loop has come around.
    package mutating func turn(at now: ContinuousClock.Instant) {
        if now - lastTurn > longestTurn { since = now }
        lastTurn = now
    }
}
