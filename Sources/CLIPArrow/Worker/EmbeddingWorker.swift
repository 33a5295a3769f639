public import CLIPCore
public import CLIPPipeline

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
/// `EmbeddingRun` with the same batch size over more images than a batch. The last encoder batch of a record batch is
/// padded, so record batches of a few hundred rows waste little.
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
        let streams: WorkerStreams
        do {
            streams = try await control.waitForCall {
                try WorkerStreams(
                    input: input,
                    output: output,
                    provenance: Provenance(encoder.model, decoder: decoder),
                    options: options
                )
            }
        } catch is CancellationError where control.isStopped {
            return false
        }
        var runOptions = options.run
        if !streams.columns.holdsLocations { runOptions.concurrentReads = nil }
        let run = GroupRun(decoder: decoder, encoder: encoder, options: runOptions)
        let isComplete = try await run.run(control: control) { [locations] in
            try streams.next().map { ImageGroup(images: $0.images(locations), origin: $0) }
        } write: { batch, outcomes in
            try streams.write(batch, outcomes)
        }
        if isComplete { try await control.waitForCall { try streams.close() } }
        return isComplete
    }
}
