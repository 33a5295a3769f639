public import CLIPCore

/// An event of a run in progress.
public enum RunEvent: Sendable {
    /// The source has been counted, if it can be.
    case started(imageCount: Int?)
    /// An image failed and was recorded.
    case failed(FailedImage)
    /// The progress of the run. Newer progress replaces progress that was not consumed in time.
    case progress(RunProgress)
    /// The run has ended; always the last event.
    case finished(RunSummary)
}
