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
/// let run = EmbeddingRun(source: FolderSource("photos"), decoder: decoder, encoder: encoder, writer: store)
/// let result = try await run.run()
/// print("\(result.embedded) embedded, \(result.failed) failed")
/// ```
public struct EmbeddingRun: Sendable {
    /// Sizes and rules of a run.
    public struct Options: Sendable {
        /// Images that the encoder gets at a time.
        public var batchSize = 32
        /// Images that are decoded at a time.
        public var decodeWorkers = ProcessorCount.current
        /// Images that are read at a time, at least as many as are decoded.
        ///
        /// More than there are workers where reading means waiting, as over a network. Each has a thread, which a read may
        /// block.
        public var concurrentReads = 0
        /// What one bad image does.
        public var failurePolicy = FailurePolicy.record
        /// When the run stops because it is going wrong; never by default.
        public var failureLimit: FailureLimit?
        /// Makes the hash of an image file's bytes that is stored with its vector, such as its SHA-256.
        public var contentHash: (@Sendable (_ file: [UInt8]) -> String)?
        /// Whether the hash, not the version, tells if an image was changed: every file is read.
        public var comparesContent = false
        /// Whether vectors are removed whose images are no longer in the source, or are named there and do not exist.
        ///
        /// None of the former is when a part of the source, such as a folder, could not be looked into: its images may
        /// still be there.
        public var prunes = false
        /// Images that are fewer than a batch are encoded when the source names no more for this time.
        package var idleTime = Duration.seconds(1)
        /// Whether a source without images is no error.
        var allowsEmptySource = false

        /// Creates the default options.
        public init() {}
    }

    static let batchesBetweenStages = 2

    let source: any ImageSource
    let encoder: any ImageEncoder
    let writer: any EmbeddingWriter
    let decoder: any ImageDecoder
    let options: Options

    /// Joins the stages.
    ///
    /// - Precondition: Sizes are positive; ``Options/comparesContent`` comes with a ``Options/contentHash``.
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
    /// - Parameters:
    ///   - imageCount: Number of images in the source, where the caller has counted them already.
    ///   - control: Stops the run.
    ///   - onEvent: Called from one task at a time.
    /// - Returns: The final counts, and how the run ended. When it is complete, `embedded + unchanged + failed` is the
    ///   number of images in the source.
    /// - Throws: `CLIPError` with code `notFound` when the source has no images, `inference` when the model fails,
    ///   `storage` when the store cannot be written, `tooManyFailures` at ``Options/failureLimit``; `missingLibrary`; the
    ///   first error of a bad image under ``FailurePolicy/stop``; `CancellationError` when the task is cancelled.
    public func run(
        imageCount: Int? = nil,
        control: RunControl = RunControl(),
        onEvent: @escaping @Sendable (RunEvent) -> Void = { _ in }
    ) async throws -> RunProgress {
        let total: Int?
        do {
            total = if let imageCount { imageCount } else { try await control.count(source) }
        } catch is CancellationError where control.isStopped {
            return RunProgress.stopped
        }
        if total == 0 { throw Self.noImages }
        onEvent(.started(imageCount: total))
        let stored = try await writer.storedImages()
        let stages = RunStages(run: self, stored: stored, control: control, total: total, onEvent: onEvent)
        let (walk, outcome) = await stages.run()
        var progress: RunProgress
        do {
            progress = try outcome.get()
        } catch {
            if (error as? CLIPError)?.code != .storage { try? await writer.finish(.stopped) }
            throw error
        }
        guard let walk else {
            try await writer.finish(.stopped)
            progress.ending = .stopped
            return progress
        }
        do {
            if walk.count == 0, !options.allowsEmptySource { throw Self.noImages }
            try requireIdentity(walk, progress)
        } catch {
            try await writer.finish(.stopped)
            throw error
        }
        progress.skippedPruning = options.prunes && walk.hasUnknownParts
        if options.prunes, !progress.skippedPruning {
            progress.pruned += try await writer.removeImages(notIn: walk.ids)
        }
        try await writer.finish(.complete)
        progress.ending = .complete
        return progress
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
