public import CLIPCore
public import CLIPPipeline
package import CLIPReport

/// Embeds the images of an Arrow IPC stream into another one: the part that runs on every machine of a cluster.
///
/// The input has a column with ids and one with the images: bytes, paths or URIs. The output has one record batch for each
/// of the input's, with the same rows: the columns `id`, `embedding`, `stage` and `reason` of a failure, `damage`, and the
/// input's other columns unchanged. Its metadata is that of a store's files.
///
/// ```swift
/// let worker = EmbeddingWorker(decoder: ImageFileDecoder(), encoder: try bundle.imageEncoder())
/// try await worker.run(input: STDIN_FILENO, output: STDOUT_FILENO)
/// ```
///
/// Vectors do not depend on how the images are cut into record batches, and are bit-identical to those of an
/// `EmbeddingRun` with the same batch size over more images than a batch. On a GPU, the last encoder batch of a record
/// batch is padded, so record batches of a few hundred rows waste little.
///
/// At most two record batches are in memory. The next one is read only when the first is answered.
public struct EmbeddingWorker: Sendable {
    private let decoder: any ImageDecoder
    private let encoder: any ImageEncoder
    private let locations: ImageLocations
    private let options: Options

    /// Creates a worker.
    ///
    /// - Parameters:
    ///   - decoder: Decodes the images.
    ///   - encoder: Embeds them.
    ///   - locations: Reads URIs; its file size limit also applies to bytes.
    ///   - options: The columns, sizes and limits.
    public init(
        decoder: any ImageDecoder,
        encoder: any ImageEncoder,
        locations: ImageLocations = ImageLocations(),
        options: Options = Options()
    ) {
        self.decoder = decoder
        self.encoder = encoder
        self.locations = locations
        self.options = options
    }

    /// Answers a stream to its end, or until it is stopped.
    ///
    /// The output's schema is written as soon as the input's has arrived. After an error in the input, the record batches
    /// before it are still answered. The output consists of whole messages and has its end mark only if all of the input
    /// was answered. A thread remains behind if the run ends while the input is silent.
    ///
    /// A program that does not handle `SIGPIPE` should ignore it, so that a closed output is an error.
    ///
    /// - Parameters:
    ///   - input: A file descriptor that is open for reading; the caller closes it.
    ///   - output: A file descriptor that is open for writing; the caller closes it.
    ///   - control: Stops the run without answering the record batches in flight.
    /// - Returns: Whether all of the input was answered; otherwise the run was stopped.
    /// - Throws: `CLIPError` with code `corruptData` or `unsupportedFormat` if the input is no such stream, is
    ///   truncated, or has other columns; `limitExceeded` if a record batch is too large; `unreadable` or `storage` if
    ///   input or output fail; otherwise as `EmbeddingRun`. `CancellationError` if the task is cancelled.
    @discardableResult
    public func run(input: Int32, output: Int32, control: RunControl = RunControl()) async throws -> Bool {
        let provenance = Provenance(encoder.model, decoder: decoder)
        return try await answer(input, output, control, acceptsVectors: false) { _ in .embeddings(provenance) }
    }

    /// Answers a stream of images, or of vectors that were embedded before, with what a classifier decides.
    ///
    /// The columns are those of a result file. Where an image failed, or its vector is missing, they are null. The columns
    /// `stage`, `reason` and `damage` are added for images only.
    ///
    /// - Parameters:
    ///   - classifier: Makes the decisions; its model is the encoder's.
    ///   - schema: The columns of its decisions.
    ///   - input: A file descriptor that is open for reading. If the stream's metadata names a model, that must be the
    ///     encoder's.
    ///   - output: A file descriptor that is open for writing.
    ///   - control: Stops the run.
    /// - Returns: Whether all of the input was answered; otherwise the run was stopped.
    /// - Throws: `CLIPError` as ``run(input:output:control:)``; `modelMismatch` if the vectors come from another model;
    ///   `invalidEmbeddings` if a vector is not of unit length.
    package func classify(
        _ classifier: Classifier,
        _ schema: ResultSchema,
        input: Int32,
        output: Int32,
        control: RunControl = RunControl()
    ) async throws -> Bool {
        try await answer(input, output, control, acceptsVectors: true) { provenance in
            try .decisions(classifier, schema, self.provenance(of: provenance))
        }
    }

    /// Answers a stream of images, or of vectors that were embedded before, with their cosines with queries.
    ///
    /// The column `cosines` has a number for each query. It is null where an image failed, or its vector is missing. The
    /// columns `stage`, `reason` and `damage` are added for images only.
    ///
    /// - Parameters:
    ///   - queries: One unit vector per query, of the encoder's model.
    ///   - comparesImages: Whether queries are made of images, so that they must have the precision of the input's vectors.
    ///   - input: A file descriptor that is open for reading. If the stream's metadata names a model, that must be the
    ///     encoder's.
    ///   - output: A file descriptor that is open for writing.
    ///   - control: Stops the run.
    /// - Returns: Whether all of the input was answered; otherwise the run was stopped.
    /// - Throws: `CLIPError` as ``run(input:output:control:)``; `modelMismatch` if the vectors come from another model;
    ///   `invalidEmbeddings` if a vector is not of unit length.
    package func search(
        _ queries: EmbeddingMatrix,
        comparesImages: Bool = false,
        input: Int32,
        output: Int32,
        control: RunControl = RunControl()
    ) async throws -> Bool {
        try await answer(input, output, control, acceptsVectors: true) { provenance in
            if comparesImages, let provenance { try requirePrecision(of: provenance) }
            return try .cosines(queries, self.provenance(of: provenance))
        }
    }

    /// Checks that vectors were computed in this encoder's precision.
    ///
    /// Their engine is that of their model, which is checked too: a bundle has one.
    private func requirePrecision(of input: Provenance) throws {
        guard input.modelIdentity == encoder.model.identity, let stored = input.precision,
            let precision = encoder.model.precision, stored != precision
        else { return }
        throw CLIPError(
            .modelMismatch,
            "The input's vectors were computed in \(stored), and query images in \(precision). Pass --precision \(stored)."
        )
    }

    /// The provenance of vectors: what the input says of them, or that of this encoder.
    private func provenance(of input: Provenance?) throws -> Provenance {
        guard let input else { return Provenance(encoder.model, decoder: decoder) }
        try input.requireModel(encoder.model, store: "The input")
        let dimension = encoder.model.embeddingDimension
        guard input.dimension == dimension else {
            throw CLIPError(
                .modelMismatch,
                "The input's metadata names the model, but \(input.dimension) dimensions instead of \(dimension)."
            )
        }
        return input
    }

    private func answer(
        _ input: Int32,
        _ output: Int32,
        _ control: RunControl,
        acceptsVectors: Bool,
        _ answer: @escaping @Sendable (_ provenance: Provenance?) throws -> WorkerAnswer
    ) async throws -> Bool {
        let streams: WorkerStreams
        do {
            streams = try await control.waitForCall { [options] in
                try WorkerStreams(
                    input: input,
                    output: output,
                    options,
                    acceptsVectors: acceptsVectors,
                    answer: answer
                )
            }
            if case .vectors(let position) = streams.columns.content {
                try await answerVectors(streams, at: position, control)
            } else if try await !answerImages(streams, control) {
                return false
            }
            try await control.waitForCall { try streams.close() }
            return true
        } catch is CancellationError where control.isStopped {
            return false
        }
    }

    private func answerImages(_ streams: WorkerStreams, _ control: RunControl) async throws -> Bool {
        var runOptions = options.run
        // Bytes are in memory already.
        if !streams.columns.holdsLocations { runOptions.concurrentReads = nil }
        let run = GroupRun(decoder: decoder, encoder: encoder, options: runOptions)
        return try await run.run(control: control) { [locations] in
            try streams.next().map { ImageGroup(images: $0.images(locations), origin: $0) }
        } write: { batch, outcomes in
            try streams.write(batch, outcomes)
        }
    }

    private func answerVectors(_ streams: WorkerStreams, at position: Int, _ control: RunControl) async throws {
        let dimension = encoder.model.embeddingDimension
        let executor = BlockingExecutor(threads: 1)
        while let batch = try await control.waitForCall({ try streams.next() }) {
            // A message that has begun is written to its end.
            try await Task(executorPreference: executor) {
                let (values, isPresent) = try batch.batch.vectors(at: position, dimension: dimension)
                try streams.write(batch, WorkerRows(values: values, isPresent: isPresent))
            }.value
        }
    }
}
