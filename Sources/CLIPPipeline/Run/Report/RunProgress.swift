/// How far a run has come.
public struct RunProgress: Sendable, Hashable {
    /// Images whose vectors were made and stored in this run.
    public var embedded = 0
    /// Images that the store held already, and that have not changed since.
    public var unchanged = 0
    /// Images that are recorded as failed.
    public var failed = 0
    /// Vectors that were removed because their images are gone: those no longer in the source, and those that are named
    /// there and do not exist.
    public var pruned = 0
    /// Images in the source, or `nil` where it cannot tell beforehand.
    public var total: Int?
    /// Time since the first image was asked for.
    public var elapsed = Duration.zero
    /// How busy the stages are.
    package var load = StageLoad()

    /// Images that are done with.
    public var processed: Int { embedded + unchanged + failed }

    /// Images a second that were embedded or failed since the start, 0 before the first.
    ///
    /// Unchanged images cost next to nothing and would make the rate of those to come look better than it is.
    public var rate: Double {
        let seconds = elapsed / .seconds(1)
        return seconds > 0 ? Double(embedded + failed) / seconds : 0
    }

    /// The time that the rest takes at this rate if none of it is unchanged, or `nil` where it cannot be told.
    public var remaining: Duration? {
        guard let total, rate > 0 else { return nil }
        return .seconds(Double(max(total - processed, 0)) / rate)
    }

    /// Creates the state at the start of a run.
    package init(total: Int? = nil) {
        self.total = total
    }
}
