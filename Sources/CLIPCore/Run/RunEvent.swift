/// What a run reports while it goes on.
public enum RunEvent: Sendable {
    /// The source has been counted.
    case started(imageCount: Int)
    /// An image was rejected and recorded.
    case rejected(RejectedImage)
    /// A batch was stored.
    case progress(RunProgress)
}

/// How far a run has come.
public struct RunProgress: Sendable, Hashable {
    /// Images that are stored.
    public var embedded = 0
    /// Images that are recorded as rejected.
    public var rejected = 0
    /// Images in the source.
    public var total: Int
    /// Time since the first image was asked for.
    public var elapsed = Duration.zero

    /// Images that are done with.
    public var processed: Int { embedded + rejected }

    /// Images a second since the start, 0 before the first.
    public var rate: Double {
        let seconds = elapsed / .seconds(1)
        return seconds > 0 ? Double(processed) / seconds : 0
    }

    /// The time that the rest takes at this rate, or `nil` before the first image.
    public var remaining: Duration? {
        rate > 0 ? .seconds(Double(max(total - processed, 0)) / rate) : nil
    }

    /// Creates the state at the start of a run.
    public init(total: Int) {
        self.total = total
    }
}
