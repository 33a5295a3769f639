public import CLIPCore

/// What a run came to.
///
/// ```swift
/// let summary = try await run.run()
/// for image in summary.failures { print(image.id, image.reason) }
/// ```
public struct RunSummary: Sendable, Hashable {
    /// Images that ``failures`` lists at most.
    package static let listedFailures = 100

    /// Whether the run came to the end of its source or was stopped before.
    public internal(set) var ending: RunEnding
    /// The final counts, times and loads.
    package internal(set) var progress: RunProgress
    /// The first images that failed, in the order of the source; the store lists them all.
    public internal(set) var failures: [FailedImage]
    /// Why images failed, the most common reason first; all are counted.
    package internal(set) var failureReasons: [FailureTally.Entry]
    /// Whether no vector was removed for an image that is no longer in the source, although the run prunes, because a part
    /// of the source could not be looked into.
    public internal(set) var skippedPruning: Bool

    /// Whether all images of the source were dealt with: each is embedded, unchanged or failed.
    ///
    /// Images that failed do not count here; see ``failed``.
    public var isComplete: Bool { ending == .complete }
    /// Images whose vectors were made and stored in this run.
    public var embedded: Int { progress.embedded }
    /// Images that the store held already, and that have not changed since.
    public var unchanged: Int { progress.unchanged }
    /// Images that are recorded as failed.
    public var failed: Int { progress.failed }
    /// Vectors that were removed because their images are gone.
    public var pruned: Int { progress.pruned }

    /// Creates a summary.
    package init(
        ending: RunEnding,
        progress: RunProgress = RunProgress(),
        failures: [FailedImage] = [],
        failureReasons: [FailureTally.Entry] = [],
        skippedPruning: Bool = false
    ) {
        self.ending = ending
        self.progress = progress
        self.failures = failures
        self.failureReasons = failureReasons
        self.skippedPruning = skippedPruning
    }
}
