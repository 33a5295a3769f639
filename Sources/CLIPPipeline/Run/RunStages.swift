internal import CLIPCore

/// The three stages of one run and the channels between them.
struct RunStages: Sendable {
    private let run: EmbeddingRun
    private let encoder: HalvingEncoder
    private let stored: StoredImages
    private let total: Int?
    private let onEvent: @Sendable (RunEvent) async -> Void
    private let clock: StageClock
    private let preparation: ImagePreparation
    private let chain: StageChain<PreparedBatch, EncodedBatch>
    private let batches = FreeList<PreparedBatch>()

    init(
        run: EmbeddingRun,
        stored: StoredImages,
        control: RunControl,
        total: Int?,
        onEvent: @escaping @Sendable (RunEvent) async -> Void
    ) {
        self.run = run
        encoder = HalvingEncoder(run.encoder, onHalving: run.options.onHalving)
        self.stored = stored
        self.total = total
        self.onEvent = onEvent
        let options = run.options
        chain = StageChain(control: control, capacity: options.batchesBetweenStages)
        clock = StageClock(workers: [
            .read: options.reads, .decode: options.decodeWorkers, .preprocess: options.decodeWorkers,
        ])
        preparation = ImagePreparation(
            decoder: run.decoder,
            preprocessor: ImagePreprocessor(spec: run.encoder.model.preprocessing),
            options: options,
            clock: clock
        )
    }

    /// Runs the stages until all have ended.
    ///
    /// - Returns: The images found, or `nil` if the run was stopped before the end; and the summary, or the error that
    ///   ended the run.
    func run() async -> (walk: SourceWalk?, outcome: Result<RunSummary, any Error>) {
        let ending = await chain.run(prepare: prepare, encode: encode, write: write)
        let walk = ending.isComplete ? try? ending.preparation.get() : nil
        return (walk, ending.error.map { .failure($0) } ?? ending.writing)
    }

    private func prepare() async throws -> SourceWalk {
        let options = run.options
        var batch = newBatch()
        var isSplit = false
        let rerun = RerunCheck(stored: stored, comparesContent: options.comparesContent)
        let walk = try await preparation.forEach(in: run.source, rerun) {
            // A source that delivers images only now and then, such as a pipe, must not delay them.
            guard !batch.labels.isEmpty else { return try await chain.prepared.send(batch.splitOff()) }
            batch.pad(to: options.batchSize, for: run.encoder)
            isSplit = true
            try await chain.prepared.send(batch.takeAll())
            batch = newBatch()
        } _: { image in
            try batch.append(image, of: preparation)
            if batch.labels.count == options.batchSize {
                try await chain.prepared.send(batch.takeAll())
                batch = newBatch()
            } else if batch.withoutImage >= Self.withoutImageAtATime {
                try await chain.prepared.send(batch.splitOff())
            }
        }
        // Batches are of one size, the last one and those sent early too, unless the encoder gives the same bits in every
        // batch: so vectors are the same wherever a run was interrupted. Only a source that is smaller than a batch, and was
        // sent at once, is not padded. Where memory does not suffice, `HalvingEncoder` divides batches.
        if !batch.labels.isEmpty, isSplit || walk.count > options.batchSize {
            batch.pad(to: options.batchSize, for: run.encoder)
        }
        try await chain.prepared.send(batch)
        return walk
    }

    /// The number of outcomes that need no encoding to pass on at a time.
    private static let withoutImageAtATime = 256

    private func newBatch() -> PreparedBatch {
        if let batch = batches.take() { return batch }
        let spec = run.encoder.model.preprocessing
        return PreparedBatch(ImageBatch(height: spec.height, width: spec.width, capacity: run.options.batchSize))
    }

    private func encode() async throws {
        while var batch = await chain.prepared.receive() {
            try Task.checkCancellation()
            if chain.control.isStopped { throw CancellationError() }
            let result = try await encode(batch)
            if !batch.labels.isEmpty {
                batch.removeAll()
                batches.give(batch.takeAll())
            }
            try await chain.encoded.send(result)
        }
    }

    private func encode(_ batch: PreparedBatch) async throws -> EncodedBatch {
        guard !batch.labels.isEmpty else { return try await batch.encoded(by: encoder) }
        return try await clock.measure(.encode) { try await batch.encoded(by: encoder) }
    }

    private func write() async throws -> RunSummary {
        var progress = RunProgress(total: total)
        var failures = [FailedImage]()
        var damaged = [DamagedImage]()
        var tally = FailureTally()
        // Whether the images of a pruning run are gone, or looked for in the wrong place, is open until one is found.
        var held = [ImageFailure]()
        var hasFound = false
        while let batch = await chain.encoded.receive() {
            progress.embedded += batch.block.ids.count
            progress.damaged += batch.damaged.count
            damaged += batch.damaged.prefix(RunSummary.listedImages - damaged.count)
            progress.unchanged += batch.unchanged
            progress.failed += batch.failures.count
            held += batch.failures
            hasFound =
                hasFound || progress.embedded + progress.unchanged > 0
                || batch.failures.contains { $0.image.stage != .read }
            let isOpen = run.options.prunes && !hasFound
            let settled = isOpen ? [] : held
            if !isOpen { held = [] }
            try await clock.measure(.write) {
                if !batch.block.ids.isEmpty { try await run.writer.append(batch.block) }
                for failure in settled { try await run.writer.recordFailure(failure.image) }
            }
            progress.pruned += settled.count(where: losesVector)
            for failure in batch.failures {
                tally.add(failure.image)
                if failures.count < RunSummary.listedImages { failures.append(failure.image) }
                await onEvent(.failed(failure.image))
            }
            progress.elapsed = clock.elapsed
            progress.load = clock.load
            await onEvent(.progress(progress))
            do {
                try run.options.failureLimit?.requireNotExceeded(by: progress, tally)
            } catch {
                try await recordKeepingVectors(held)
                throw error
            }
        }
        try await recordKeepingVectors(held)
        var summary = RunSummary(
            ending: .stopped,
            progress: progress,
            failures: failures,
            damagedImages: damaged,
            failureReasons: tally.mostCommon
        )
        summary.hasFoundImages = hasFound
        summary.keptMissing = held.count(where: losesVector)
        return summary
    }

    /// Whether pruning removes the vector of an image that failed.
    private func losesVector(_ failure: ImageFailure) -> Bool {
        failure.isGone && stored.contains(failure.image.id)
    }

    /// Records failed images, and keeps the vectors of those that no longer exist.
    private func recordKeepingVectors(_ failures: [ImageFailure]) async throws {
        for failure in failures {
            try await run.writer.recordFailure(losesVector(failure) ? failure.image.keepingVector : failure.image)
        }
    }
}
