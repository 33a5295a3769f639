public import CLIPCore

/// Embeds the images of a source into a store.
///
/// Three stages run side by side, joined by bounded channels: images are read, decoded and preprocessed by several
/// workers; batches are encoded one after the other; vectors are written. An image's id travels in the same value as its
/// pixels and then its vector. Memory is bounded by the channels, whatever the number of images, but for 16 bytes an id
/// that find duplicates, those of the images that the store holds already, and what a store keeps of failed images.
///
/// Images that the store holds, unchanged, are skipped, so that the same run started again does what is left. Images
/// that failed are tried again.
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

    /// Joins the stages.
    ///
    /// - Precondition: Sizes are positive; `comparesContent` comes with a `contentHash`.
    public init(
        source: any ImageSource,
        decoder: any ImageDecoder,
        encoder: any ImageEncoder,
        writer: any EmbeddingWriter,
        options: Options = Options()
    ) {
        precondition(options.batchSize > 0 && options.decodeWorkers > 0, "sizes are positive")
        precondition(!options.comparesContent || options.contentHash != nil, "comparing contents takes a hash")
        self.source = source
        self.encoder = encoder
        self.writer = writer
        self.decoder = decoder
        self.options = options
    }

    /// Runs to the end of the source, or until it is stopped.
    ///
    /// However it ends, what was encoded is stored, as far as the store can be written. When it is stopped, fails or is
    /// cancelled, it does not wait for images that are being read: a call of the source that hangs is left to itself.
    ///
    /// ``RunControl/stop()`` and cancelling the task both end a run early. Stop a run whose work is to be resumed: the batch
    /// in flight is encoded and stored, and the run returns its summary. Cancel the task when nobody wants the result any
    /// more: batches in flight are dropped, and `CancellationError` is thrown.
    ///
    /// - Parameters:
    ///   - imageCount: Number of images in the source, where the caller has counted them already.
    ///   - control: Stops the run.
    /// - Returns: How the run ended, with its final counts and why images failed. When it is complete,
    ///   `embedded + unchanged + failed` is the number of images in the source.
    /// - Throws: `CLIPError` with code `notFound` when the source has no images, `inference` when the model fails or gives
    ///   none of the images of a batch a unit vector, `storage` when the store cannot be written, `tooManyFailures` at
    ///   the options' `failureLimit`; `missingLibrary`; `CancellationError` when the task is cancelled.
    @discardableResult
    public func run(imageCount: Int? = nil, control: RunControl = RunControl()) async throws -> RunSummary {
        try await run(imageCount, control) { _ in }
    }

    /// The same run as a sequence of what happens.
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
    /// The run starts when the first event is asked for, and each iteration is a run of its own. Memory for events is
    /// bounded: newer progress replaces progress that was not taken yet; no failure is lost, and the run waits when some
    /// hundred of them were not taken. The sequence throws what ``run(imageCount:control:)`` throws.
    ///
    /// Cancelling the task cancels the run, and so does leaving the loop early, which does not wait for the run's end: call
    /// ``RunControl/stop()`` and iterate on to end it in good order.
    ///
    /// - Parameters:
    ///   - imageCount: Number of images in the source, where the caller has counted them already.
    ///   - control: Stops the run.
    /// - Returns: The events; the last one is ``RunEvent/finished(_:)``.
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

    /// Checks that every image of the source came out of the last stage.
    private func requireIdentity(_ walk: SourceWalk, _ progress: RunProgress) throws {
        guard walk.count != progress.processed else { return }
        throw CLIPError(
            .storage,
            "\(walk.count) images went in, and \(progress.embedded) embedded + \(progress.unchanged) unchanged + "
                + "\(progress.failed) failed came out. This is a mistake in the program; please report it."
        )
    }
}
