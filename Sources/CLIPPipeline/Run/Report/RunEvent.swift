public import CLIPCore

/// What a run reports while it is under way.
public enum RunEvent: Sendable {
    /// The source has been counted, as far as it can be.
    case started(imageCount: Int?)
    /// An image failed and was recorded.
    case failed(FailedImage)
    /// How far the run has come since the last such event; those that nobody took in time are replaced by the newest.
    case progress(RunProgress)
    /// The run is over; always the last event.
    case finished(RunSummary)
}
