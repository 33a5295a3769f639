internal import CLIPCore

/// The three stages of one run and the channels between them.
struct RunStages: Sendable {
    private let run: EmbeddingRun
    private let encoder: HalvingEncoder
    private let stored: StoredImages
    private let control: RunControl
    /// Ends the preparation stage, which may be waiting for a slow read, after a later stage has ended.
    private let ending = RunControl()
    private let total: Int?
    private let onEvent: @Sendable (RunEvent) async -> Void
    private let clock: StageClock
    private let preparation: ImagePreparation
    private let prepared: BatchChannel<PreparedBatch>
    private let encoded: BatchChannel<EncodedBatch>
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
        self.control = control
        self.total = total
        self.onEvent = onEvent
        let options = run.options
        prepared = BatchChannel(capacity: options.batchesBetweenStages)
        encoded = BatchChannel(capacity: options.batchesBetweenStages)
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
        async let preparing = Stage.run {
            try await control.whileNotStopped { try await ending.whileNotStopped { try await prepare() } }
        } finally: {
            await prepared.close()
        }
        async let encoding = Stage.run {
            try await encode()
        } finally: {
            ending.stop()
            await prepared.close()
            await encoded.close()
        }
        async let writing = Stage.run {
            try await write()
        } finally: {
            ending.stop()
            await encoded.close()
        }
        let (prepareResult, encodeResult, writeResult) = await (preparing, encoding, writing)
        let errors = [Stage.error(of: prepareResult), Stage.error(of: encodeResult), Stage.error(of: writeResult)]
        let walk = errors.allSatisfy { $0 == nil } ? try? prepareResult.get() : nil
        let error = Stage.decisiveError(errors, isStopped: control.isStopped)
        return (walk, error.map { .failure($0) } ?? writeResult)
    }

    private func prepare() async throws -> SourceWalk {
        let options = run.options
        var batch = newBatch()
        var isSplit = false
        let rerun = RerunCheck(stored: stored, comparesContent: options.comparesContent)
        let walk = try await preparation.forEach(in: run.source, rerun) {
            // A source that delivers images only now and then, such as a pipe, must not delay them.
            guard !batch.labels.isEmpty else { return try await prepared.send(batch.splitOff()) }
            batch.pad(to: options.batchSize, for: run.encoder)
            isSplit = true
            try await prepared.send(batch.takeAll())
            batch = newBatch()
        } _: { image in
            try batch.append(image, of: preparation)
            if batch.labels.count == options.batchSize {
                try await prepared.send(batch.takeAll())
                batch = newBatch()
            } else if batch.withoutImage >= Self.withoutImageAtATime {
                try await prepared.send(batch.splitOff())
            }
        }
        // Batches are of one size, the last one and those sent early too, unless the encoder gives the same bits in every
        // batch: so vectors are the same wherever a run was interrupted. Only a source that is smaller than a batch, and was
        // sent at once, is not padded. Where memory does not suffice, `HalvingEncoder` divides batches.
        if !batch.labels.isEmpty, isSplit || walk.count > options.batchSize {
            batch.pad(to: options.batchSize, for: run.encoder)
        }
        try await prepared.send(batch)
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
        while var batch = await prepared.receive() {
            try Task.checkCancellation()
            if control.isStopped { throw CancellationError() }
            let result = try await encode(batch)
            if !batch.labels.isEmpty {
                batch.removeAll()
                batches.give(batch.takeAll())
            }
            try await encoded.send(result)
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
        while let batch = await encoded.receive() {
            try await clock.measure(.write) {
                if !batch.block.ids.isEmpty { try await run.writer.append(batch.block) }
                for failure in batch.failures { try await run.writer.recordFailure(failure.image) }
            }
            progress.embedded += batch.block.ids.count
            progress.damaged += batch.damaged.count
            damaged += batch.damaged.prefix(RunSummary.listedImages - damaged.count)
            progress.unchanged += batch.unchanged
            progress.failed += batch.failures.count
            progress.pruned += batch.failures.count { $0.isGone && stored.contains($0.image.id) }
            for failure in batch.failures {
                tally.add(failure.image)
                if failures.count < RunSummary.listedImages { failures.append(failure.image) }
                await onEvent(.failed(failure.image))
            }
            progress.elapsed = clock.elapsed
            progress.load = clock.load
            await onEvent(.progress(progress))
            try run.options.failureLimit?.requireNotExceeded(by: progress, tally)
        }
        return RunSummary(
            ending: .stopped,
            progress: progress,
            failures: failures,
            damagedImages: damaged,
            failureReasons: tally.mostCommon
        )
    }
}
