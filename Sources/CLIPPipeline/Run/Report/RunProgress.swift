/// The progress of a run.
public struct RunProgress: Sendable, Hashable {
    /// Images embedded and stored in this run.
    public var embedded = 0
    /// Images skipped because the store already has them and they have not changed.
    public var unchanged = 0
    /// Images among ``embedded`` whose files were damaged and read as far as possible.
    package var damaged = 0
    /// Images recorded as failed.
    public var failed = 0
    /// Vectors removed because their images are gone: no longer in the source, or listed there but no longer existing.
    public var pruned = 0
    /// The number of images in the source, or `nil` if it is not known in advance.
    public var total: Int?
    /// Time since the first image was requested.
    public var elapsed = Duration.zero
    /// The load of the stages.
    package var load = StageLoad()

    /// Images embedded, skipped or failed.
    package var processed: Int { embedded + unchanged + failed }

    /// Images embedded or failed per second since the start, 0 before the first.
    ///
    /// Excludes unchanged images: they cost next to nothing, so counting them would overestimate the future rate.
    public var rate: Double {
        let seconds = elapsed / .seconds(1)
        return seconds > 0 ? Double(embedded + failed) / seconds : 0
    }

    /// The estimated remaining time at this rate if all remaining images must be embedded, or `nil` if it is unknown.
    public var remaining: Duration? {
        guard let total, rate > 0 else { return nil }
        return .seconds(Double(max(total - processed, 0)) / rate)
    }

    /// Creates the progress at the start of a run.
    package init(total: Int? = nil) {
        self.total = total
    }
}
