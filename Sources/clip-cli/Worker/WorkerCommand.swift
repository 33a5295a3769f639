internal import ArgumentParser
internal import CLIPArrow
internal import CLIPCore
internal import CLIPModels
internal import CLIPPipeline
internal import CLIPReport

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Embed, classify or search an Arrow stream for a cluster such as Spark or Ray.",
        discussion: """
            Reads an Arrow IPC stream from standard input and writes one to standard output: a record batch for each, with the same rows. Messages go to standard error.

            Input columns: id, and one of bytes, path and uri. Output columns: id, embedding, stage and reason of a failure, damage, and the input's other columns unchanged. A failed image has no embedding and is no error. Decoding, limits and vectors are those of 'embed'.

            With --mode classify, the input may have a column embedding in place of images, and the output has the columns that 'classify' writes in place of embedding. With --mode search, it has the column cosines, with one number for each query.
            """
    )

    @OptionGroup(title: "Work") var work: WorkerModeOptions
    @OptionGroup(title: "Model") var model: ModelOptions
    @Option(
        help: ArgumentHelp(
            "Number format of the image encoder on a CPU: fp32, bf16 or int8 (default: fp32, or as it is stored).",
            discussion: "There is no 'auto': the machines of a cluster would choose differently."
        )
    )
    var precision: PrecisionOption?

    @OptionGroup(title: "Decoding") var decoding: DecodingOptions
    @OptionGroup(title: "Run") var batches: BatchOptions
    @OptionGroup(title: "Input") var input: WorkerInputOptions
    @OptionGroup(title: "Input") var remote: RemoteOptions

    func validate() throws {
        guard precision != .auto else {
            throw ValidationError(
                "--precision auto is not for workers: the machines of a cluster would choose differently, and vectors of "
                    + "different precisions differ. Choose one, such as int8."
            )
        }
    }

    func run() async throws {
        let control = RunControl()
        let interrupts = Interrupts(stopping: control) { Terminal.printError("Stopping.") }
        defer { interrupts.end() }
        let opened = try await WorkerFailure.asModel { try await open() }
        let isComplete = try await WorkerFailure.asRun { try await answer(opened, control) }
        interrupts.showMessages()
        guard isComplete else { throw ExitStatus.stopped }
    }

    /// A worker, and what it decides by.
    private struct Opened {
        let worker: EmbeddingWorker
        let answers: Answers
    }

    /// What a worker answers with.
    private enum Answers {
        case embeddings
        case decisions(Classifier, ResultSchema)
        case cosines(queries: EmbeddingMatrix, ofImages: Bool)
    }

    private func open() async throws -> Opened {
        let bundle = try model.bundle()
        return Opened(worker: try worker(bundle), answers: try await answers(bundle))
    }

    private func answer(_ opened: Opened, _ control: RunControl) async throws -> Bool {
        let (worker, input, output) = (opened.worker, STDIN_FILENO, STDOUT_FILENO)
        return switch opened.answers {
        case .embeddings:
            try await worker.run(input: input, output: output, control: control)
        case .decisions(let classifier, let schema):
            try await worker.classify(classifier, schema, input: input, output: output, control: control)
        case .cosines(let queries, let ofImages):
            try await worker.search(queries, comparesImages: ofImages, input: input, output: output, control: control)
        }
    }

    /// Opens what the answers are made with.
    private func answers(_ bundle: ModelBundle) async throws -> Answers {
        switch work.mode {
        case .embed:
            return .embeddings
        case .classify:
            let (classifier, schema) = try await deciding(bundle)
            return .decisions(classifier, schema)
        case .search:
            let chosen = try chosen(bundle)
            let vectors = try await work.query.query(texts: work.text).vectors(
                bundle: chosen,
                engine: model.engine(for: bundle),
                decoder: decoding.decoder()
            )
            return .cosines(queries: vectors, ofImages: !work.query.image.isEmpty)
        }
    }

    /// The bundle with the precision that was asked for.
    private func chosen(_ bundle: ModelBundle) throws -> ModelBundle {
        let named = precision.flatMap { Precision(rawValue: $0.rawValue) }
        if let named { try bundle.requireNamed(named) }
        return try bundle.running(in: named ?? .fp32)
    }

    private func worker(_ bundle: ModelBundle) throws -> EmbeddingWorker {
        let engine = try model.engine(for: bundle)
        let chosen = try chosen(bundle)
        var options = try EmbeddingRun.Options(
            batchSize: batches.batchSize ?? Self.batchSize(least: chosen.imagesForAllThreads(of: engine)),
            decodeWorkers: batches.decodeWorkers,
            concurrentReads: remote.connections
        )
        options.onHalving = { images in
            Terminal.printError(
                "A larger batch did not fit into the memory of \(engine.runtime.device); encoding \(Text.count(images, "image")) at a time."
            )
        }
        return EmbeddingWorker(
            decoder: decoding.decoder(),
            encoder: try chosen.lazyImageEncoder(on: engine),
            locations: remote.locations(maximumFileBytes: decoding.limits.maxBytes),
            options: input.options(run: options)
        )
    }

    /// A power of two, which divides record batches of a few hundred rows, and gives most threads work.
    private static func batchSize(least: Int) -> Int {
        var size = EmbeddingRun.Options().batchSize
        while size < 256, 2 * size <= least { size *= 2 }
        return size
    }

    /// What decides, and the columns of its decisions.
    private func deciding(_ bundle: ModelBundle) async throws -> (classifier: Classifier, schema: ResultSchema) {
        guard let categories = work.categories else { preconditionFailure("validated") }
        let file = try CategoryFile(contentsOf: categories)
        try work.exemplars.requireEnough(for: file, named: categories)
        let classifier = try await file.classifier(named: categories, bundle, on: model.engine(for: bundle)) {
            try work.exemplars.exemplars(for: file, with: bundle.model)
        }
        var schema = classifier.resultSchema(parts: work.decisionsOnly ? [] : ResultPart.decision)
        schema.categoryFile = categories
        return (classifier, schema)
    }
}
