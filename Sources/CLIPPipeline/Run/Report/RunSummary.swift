public import CLIPCore

/// The result of a run.
///
/// ```swift
/// let summary = try await run.run()
/// for image in summary.failures { print(image.id, image.reason) }
/// ```
public struct RunSummary: Sendable, Hashable {
    /// The maximum number of images in ``failures`` and in ``damagedImages``.
    package static let listedImages = 100

    /// Whether the run reached the end of its source or was stopped before.
    public internal(set) var ending: RunEnding
    /// The final counts, times and loads.
    package internal(set) var progress: RunProgress
    /// The first failed images, in source order, where those without a unit vector follow others of their batch;
    /// `ParquetStore.failures()` lists all of them.
    public internal(set) var failures: [FailedImage]
    /// The first embedded images whose files were damaged, in source order; the store records all of them.
    package internal(set) var damagedImages: [DamagedImage]
    /// The reasons of all failures, the most common first.
    package internal(set) var failureReasons: [FailureTally.Entry]
    /// Whether a pruning run did not remove vectors of images that are no longer in the source, because part of the
    /// source could not be read.
    public internal(set) var skippedPruning: Bool
    /// Whether an image was embedded or unchanged, or failed only after it had been read.
    var hasFoundImages = false
    /// Images that no longer exist, whose vectors a pruning run kept because it had found no image at all.
    var keptMissing = 0

    /// Whether the run reached the end of its source, so that each image is embedded, unchanged or failed.
    ///
    /// A complete run may have failed images; see ``failed``.
    public var isComplete: Bool { ending == .complete }
    /// Images embedded and stored in this run.
    public var embedded: Int { progress.embedded }
    /// Images skipped because the store already has them and they have not changed.
    public var unchanged: Int { progress.unchanged }
    /// Images among ``embedded`` whose files were damaged and read as far as possible.
    public var damaged: Int { progress.damaged }
    /// Images recorded as failed.
    public var failed: Int { progress.failed }
    /// Vectors removed because their images are gone.
    public var pruned: Int { progress.pruned }

    /// Creates a summary.
    package init(
        ending: RunEnding,
        progress: RunProgress = RunProgress(),
        failures: [FailedImage] = [],
        damagedImages: [DamagedImage] = [],
        failureReasons: [FailureTally.Entry] = [],
        skippedPruning: Bool = false
    ) {
        self.ending = ending
        self.progress = progress
        self.failures = failures
        self.damagedImages = damagedImages
        self.failureReasons = failureReasons
        self.skippedPruning = skippedPruning
    }
}
