/// Decides whether and when to retry a failed attempt: exponential backoff with full jitter, and the server's
/// `Retry-After`.
package struct RetryPolicy: Sendable {
    /// The statuses with which a server or a proxy says that a later attempt may succeed.
    static let transientStatuses: Set<Int> = [408, 425, 429, 500, 502, 503, 504]

    private let options: HTTPReader.Options
    private let random: @Sendable () -> Double

    /// Creates a reader's policy.
    ///
    /// - Parameters:
    ///   - options: The number of retries and the delays.
    ///   - random: Returns a number from 0 to 1.
    package init(options: HTTPReader.Options, random: @escaping @Sendable () -> Double) {
        self.options = options
        self.random = random
    }

    /// The wait before the next attempt.
    ///
    /// - Parameters:
    ///   - attempt: The number of the failed attempt, counted from 1.
    ///   - failure: How it failed.
    /// - Returns: How long to wait before the next attempt, or `nil` for no retry.
    package func delay(after attempt: Int, _ failure: TransferResult) -> Duration? {
        guard attempt <= options.retries else { return nil }
        switch failure {
        case .status(let status, let retryAfter) where Self.transientStatuses.contains(status):
            return max(backoff(attempt), min(retryAfter, options.maximumRetryAfter))
        case .failed(_, isTransient: true):
            return backoff(attempt)
        default:
            return nil
        }
    }

    private func backoff(_ attempt: Int) -> Duration {
        var longest = options.firstDelay
        for _ in 1..<attempt where longest < options.maximumDelay { longest *= 2 }
        return min(longest, options.maximumDelay) * random()
    }
}
