/// Embeds the images of a source into a store.
///
/// Three stages run side by side, joined by bounded channels: images are read, decoded and preprocessed by several
/// workers; batches are encoded one after the other; vectors are written. An image's id travels in the same value as its
/// pixels and then its vector. Memory is bounded by the channels, whatever the number of images, but for the set of ids
/// that finds duplicates.
///
/// ```swift
/// let run = EmbeddingRun(source: FolderSource("photos"), decoder: decoder, encoder: encoder, writer: store)
/// let result = try await run.run()
/// print("\(result.embedded) embedded, \(result.rejected) rejected")
/// ```
public struct EmbeddingRun: Sendable {
    /// Sizes of a run.
    public struct Options: Sendable, Hashable {
        /// Images that the encoder gets at a time.
        public var batchSize = 32
        /// Images that are decoded at a time.
        public var decodeWorkers = ProcessorCount.current
        /// What one bad image does.
        public var failurePolicy = FailurePolicy.record

        /// Creates the default options.
        public init() {}
    }

    private static let batchesBetweenStages = 2

    private let source: any ImageSource
    private let encoder: any ImageEncoder
    private let writer: any EmbeddingWriter
    private let preparation: ImagePreparation
    private let options: Options

    /// Joins the stages.
    public init(
        source: any ImageSource,
        decoder: any ImageDecoder,
        encoder: any ImageEncoder,
        writer: any EmbeddingWriter,
        options: Options = Options()
    ) {
        precondition(options.batchSize > 0 && options.decodeWorkers > 0, "sizes are positive")
        self.source = source
        self.encoder = encoder
        self.writer = writer
        self.preparation = ImagePreparation(
            decoder: decoder,
            preprocessor: ImagePreprocessor(spec: encoder.model.preprocessing)
        )
        self.options = options
    }

    /// Runs to the end of the source.
    ///
    /// - Parameters:
    ///   - imageCount: Number of images in the source, where the caller has counted them already.
    ///   - onEvent: Called from one task at a time.
    /// - Returns: The final counts; `embedded + rejected` is the number of images in the source.
    /// - Throws: ``CLIPError`` with code `notFound` when the source has no images, `inference` when the model fails,
    ///   `storage` when the store cannot be written; the first error of a bad image under ``FailurePolicy/stop``;
    ///   `CancellationError` when the task is cancelled.
    public func run(
        imageCount: Int? = nil,
        onEvent: @escaping @Sendable (RunEvent) -> Void = { _ in }
    ) async throws -> RunProgress {
        let total = if let imageCount { imageCount } else { try await source.count() }
        guard total > 0 else {
            throw CLIPError(.notFound, "There are no images to embed.")
        }
        onEvent(.started(imageCount: total))

        let prepared = BatchChannel<PreparedBatch>(capacity: Self.batchesBetweenStages)
        let encoded = BatchChannel<EncodedBatch>(capacity: Self.batchesBetweenStages)
        async let preparing = Self.stage {
            try await prepare(into: prepared)
        } finally: {
            await prepared.close()
        }
        async let encoding = Self.stage {
            try await encode(prepared, into: encoded)
        } finally: {
            await prepared.close()
            await encoded.close()
        }
        async let writing = Self.stage {
            try await write(encoded, total: total, onEvent: onEvent)
        } finally: {
            await encoded.close()
        }
        let (prepareResult, encodeResult, writeResult) = await (preparing, encoding, writing)
        let errors = [prepareResult.failure, encodeResult.failure, writeResult.failure].compactMap(\.self)
        if let error = Self.mostTelling(errors) { throw error }
        let progress = try writeResult.get()
        try await writer.finish()
        return progress
    }

    /// Runs one stage.
    ///
    /// `finally` closes its channels, however it ends, so that its neighbours end too.
    @concurrent
    private static func stage<Value: Sendable>(
        _ body: @Sendable () async throws -> Value,
        finally: @Sendable () async -> Void
    ) async -> Result<Value, any Error> {
        let result: Result<Value, any Error>
        do {
            result = .success(try await body())
        } catch {
            result = .failure(error)
        }
        await finally()
        return result
    }

    /// The error that started it all: a stage whose neighbour failed ends with `CancellationError`.
    private static func mostTelling(_ errors: [any Error]) -> (any Error)? {
        errors.first { !($0 is CancellationError) } ?? errors.first
    }

    private func prepare(into channel: BatchChannel<PreparedBatch>) async throws {
        let spec = encoder.model.preprocessing
        var batch = PreparedBatch(spec: spec, capacity: options.batchSize)
        try await preparation.forEach(in: source, workers: options.decodeWorkers) { image in
            if case .failure(let failure) = image, options.failurePolicy == .stop { throw failure.namingImage }
            batch.append(image)
            if batch.images.count == options.batchSize || batch.failures.count == options.batchSize {
                try await channel.send(batch)
                batch = PreparedBatch(spec: spec, capacity: options.batchSize)
            }
        }
        if !batch.isEmpty { try await channel.send(batch) }
    }

    private func encode(_ input: BatchChannel<PreparedBatch>, into output: BatchChannel<EncodedBatch>) async throws {
        while let batch = await input.receive() {
            try Task.checkCancellation()
            let encoded = try await batch.encoded(by: encoder)
            if options.failurePolicy == .stop, let failure = encoded.failures.first { throw failure.namingImage }
            try await output.send(encoded)
        }
    }

    private func write(
        _ input: BatchChannel<EncodedBatch>,
        total: Int,
        onEvent: @Sendable (RunEvent) -> Void
    ) async throws -> RunProgress {
        let clock = ContinuousClock()
        let start = clock.now
        var progress = RunProgress(total: total)
        while let batch = await input.receive() {
            if !batch.block.ids.isEmpty { try await writer.append(batch.block) }
            progress.embedded += batch.block.ids.count
            for failure in batch.failures {
                try await writer.reject(failure.image)
                progress.rejected += 1
                onEvent(.rejected(failure.image))
            }
            progress.elapsed = clock.now - start
            onEvent(.progress(progress))
        }
        return progress
    }
}

extension Result {
    fileprivate var failure: Failure? {
        if case .failure(let error) = self { error } else { nil }
    }
}
