public import CLIPCore

/// Embeds the images of a source into a store.
///
/// Three stages run concurrently, connected by bounded channels: several workers read, decode and preprocess images;
/// batches are encoded one at a time; vectors are written. An image's id travels in the same value as its pixels and
/// then its vector. The channels bound the memory, whatever the number of images. In addition, a run needs 16 bytes per
/// id to detect duplicates, the ids of the images already in the store, and what the store keeps about failed images.
///
/// Unchanged images already in the store are skipped, so starting the same run again resumes it. Failed images are
/// retried.
///
/// ```swift
/// let run = EmbeddingRun(source: FolderSource(path: "photos"), decoder: decoder, encoder: encoder, writer: store)
/// let summary = try await run.run()
/// print("\(summary.embedded) embedded, \(summary.failed) failed")
/// ```
public struct EmbeddingRun: Sendable {
    static let batchesBetweenStages = 2

    let source: any ImageSource
    let encoder: any ImageEncoder
    let writer: any EmbeddingWriter
    let decoder: any ImageDecoder
    let options: Options

    /// Creates a run from its stages.
    ///
    /// - Precondition: Sizes are positive; `comparesContent` requires a `contentHash`.
    public init(
        source: any ImageSource,
        decoder: any ImageDecoder,
        encoder: any ImageEncoder,
        writer: any EmbeddingWriter,
        options: Options = Options()
    ) {
        precondition(options.batchSize > 0 && options.decodeWorkers > 0, "sizes are positive")
        precondition(!options.comparesContent || options.contentHash != nil, "comparing contents requires a hash")
        self.source = source
        self.encoder = encoder
        self.writer = writer
        self.decoder = decoder
        self.options = options
    }

    /// Runs to the end of the source, or until it is stopped.
    ///
    /// However the run ends, encoded images are stored if the store can still be written. A run that is stopped,
    /// cancelled or fails does not wait for images being read: a hanging call to the source is abandoned.
    ///
    /// ``RunControl/stop()`` and cancelling the task both end a run early. Stop a run that you want to resume: the
    /// batch in flight is encoded and stored, and the run returns its summary. Cancel the task if the result is no
    /// longer needed: batches in flight are dropped, and `CancellationError` is thrown.
    ///
    /// - Parameters:
    ///   - imageCount: The number of images in the source, if already known.
    ///   - control: Stops the run.
    /// - Returns: How the run ended, with its final counts and the reasons for failures. If the run is complete,
    ///   `embedded + unchanged + failed` is the number of images in the source.
    /// - Throws: `CLIPError` with code `modelMismatch` if the writer's model is another one, `notFound` if the
    ///   source has no images or a pruning run that would remove vectors could use none, `inference` if the model fails
    ///   or returns no unit vector for any image of a batch, `outOfMemory` if not even one image fits into memory,
    ///   `storage` if the store cannot be written, `tooManyFailures` if the options' `failureLimit` is exceeded,
    ///   `missingLibrary`; `CancellationError` if the task is cancelled.
    @discardableResult
    public func run(imageCount: Int? = nil, control: RunControl = RunControl()) async throws -> RunSummary {
        try await run(imageCount, control) { _ in }
    }

    /// Runs as an asynchronous sequence of events.
    ///
    /// ```swift
    /// for try await event in run.events() {
    ///     switch event {
    ///     case .failed(let image): print("\(image.id): \(image.reason)")
    ///     case .finished(let summary): print("\(summary.embedded) embedded")
    ///     case .started, .progress: break
    ///     }
    /// }
    /// ```
    ///
    /// The run starts when the first event is requested, and each iteration is a separate run. Memory for events is
    /// bounded: newer progress replaces progress that was not consumed. No failure is lost; the run waits while a few
    /// hundred of them are pending. The sequence throws what ``run(imageCount:control:)`` throws.
    ///
    /// Cancelling the task cancels the run. So does leaving the loop early, which does not wait for the run to end. To
    /// shut down cleanly, call ``RunControl/stop()`` and keep iterating.
    ///
    /// - Parameters:
    ///   - imageCount: The number of images in the source, if already known.
    ///   - control: Stops the run.
    /// - Returns: The events, of which ``RunEvent/finished(_:)`` is the last.
    public func events(
        imageCount: Int? = nil,
        control: RunControl = RunControl()
    ) -> some AsyncSequence<RunEvent, any Error> & Sendable {
        RunEvents(run: self, imageCount: imageCount, control: control)
    }

    func run(
        _ imageCount: Int?,
        _ control: RunControl,
        onEvent: @escaping @Sendable (RunEvent) async -> Void
    ) async throws -> RunSummary {
        try writer.provenance.requireModel(encoder.model, store: "The store")
        let total: Int?
        do {
            total = if let imageCount { imageCount } else { try await control.count(source) }
        } catch is CancellationError where control.isStopped {
            return RunSummary(ending: .stopped)
        }
        if total == 0 { throw Self.noImages }
        await onEvent(.started(imageCount: total))
        let stored = try await writer.storedImages()
        let stages = RunStages(run: self, stored: stored, control: control, total: total, onEvent: onEvent)
        let (walk, outcome) = await stages.run()
        var summary: RunSummary
        do {
            summary = try outcome.get()
        } catch {
            if (error as? CLIPError)?.code != .storage { try? await writer.finish(.stopped) }
            throw error
        }
        guard let walk else {
            try await writer.finish(.stopped)
            return summary
        }
        do {
            if walk.count == 0, !options.allowsEmptySource { throw Self.noImages }
            try requireIdentity(walk, summary.progress)
            try requireRightPlace(walk, summary, stored)
        } catch {
            try await writer.finish(.stopped)
            throw error
        }
        summary.skippedPruning = options.prunes && walk.hasUnknownParts
        if options.prunes, !summary.skippedPruning {
            summary.progress.pruned += try await writer.removeImages(notIn: walk.ids)
        }
        try await writer.finish(.complete)
        summary.ending = .complete
        return summary
    }

    private static let noImages = CLIPError(.notFound, "There are no images to embed.")

    /// Checks that a run that removes vectors has found an image: otherwise it may have looked in another place.
    private func requireRightPlace(_ walk: SourceWalk, _ summary: RunSummary, _ stored: StoredImages) throws {
        guard options.prunes, !summary.hasFoundImages else { return }
        let hasAbsent = !walk.hasUnknownParts && !stored.isSubset(of: walk.ids)
        guard summary.keptMissing > 0 || hasAbsent else { return }
        throw CLIPError(
            .notFound,
            "Nothing was pruned, because no image of the sources was found. The working folder may "
                + "be another, or a disk not mounted: run the command where the images are. To begin anew, use another store."
        )
    }

    /// Checks that every image of the source left the last stage.
    private func requireIdentity(_ walk: SourceWalk, _ progress: RunProgress) throws {
        guard walk.count != progress.processed else { return }
        throw CLIPError(
            .storage,
            "\(walk.count) images went in, and \(progress.embedded) embedded + \(progress.unchanged) unchanged + "
                + "\(progress.failed) failed came out. This is a bug; please report it."
        )
    }
}
