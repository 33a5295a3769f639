internal import ArgumentParser
internal import CLIPArrow
internal import CLIPCore
internal import CLIPHTTP
internal import CLIPModels
internal import CLIPPipeline

struct EmbedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "embed",
        abstract: "Embed images and store their vectors.",
        discussion: """
            Writes a store: a folder of Parquet files with one row per image, its id and its vector. The file rejects.parquet lists failed images with their reasons.

            Ids: if a folder is the only source, an image's id is its path relative to that folder. With several sources, the id starts with the folder as given. For single files and lists it is the path or URI as given, for a table the value of its id column, and for an archive the key of the sample (see --archive-ids).

            Rerun the same command to resume an interrupted run, or to embed new and changed images. Unchanged images already in the store are skipped.
            """
    )

    @OptionGroup(title: "Sources") var source: SourceOptions
    @OptionGroup(title: "Model") var model: ModelOptions
    @Option(help: PrecisionOption.help)
    var precision: PrecisionOption?
    @Option(help: EngineOption.help)
    var engine: EngineOption?

    @OptionGroup(title: "Decoding") var decoding: DecodingOptions
    @OptionGroup(title: "Run") var running: RunOptions

    @Option(
        help: ArgumentHelp(
            "Output folder. If it is already a store, the run resumes or updates it.",
            valueName: "dir"
        )
    )
    var output: String

    @Option(help: ArgumentHelp("Table columns to keep in the store (default: all).", valueName: "a,b,c"))
    var keepColumns: String?

    @Flag(help: "Store vectors as float16 instead of float32: half the size, cosines change by less than 0.0001.")
    var float16 = false

    @Option(help: ArgumentHelp("Commit finished work at least this often.", valueName: "seconds"))
    var commitInterval = 60.0

    @Flag(help: "Embed images again even if the store already has them under other ids, or others under theirs.")
    var allowNewIds = false

    @Flag(help: "Exit with code 0 even if some images failed.")
    var allowFailures = false

    func validate() throws {
        guard !source.isEmpty else {
            throw ValidationError(
                "Pass at least one folder, image, table or archive, a list of images with --files-from, or --database and "
                    + "--query."
            )
        }
        guard 0...86_400 ~= commitInterval else {
            throw ValidationError("--commit-interval must be from 0 to 86400 seconds (one day).")
        }
    }

    func run() async throws {
        let log = running.logFormat.log()
        let control = RunControl()
        let interrupts = Interrupts(stopping: control) { log.showStopping() }
        defer { interrupts.end() }
        let result: RunSummary
        do {
            result = try await embed(control, log)
        } catch {
            if log.showFailure(error) { throw error is ValidationError ? ExitStatus.usageError : .runtimeError }
            throw error
        }
        interrupts.showMessages()
        try log.showEnd(result, store: output)
        if result.ending == .stopped { throw ExitStatus.stopped }
        if result.failed > 0 && !allowFailures { throw ExitStatus.someImagesFailed }
    }

    /// The store to update; `nil` if there is none, or it has no vectors.
    ///
    /// - Throws: `CLIPError` if it is damaged.
    private var presentStore: ParquetStore? {
        get throws {
            do {
                return try ParquetStore(path: output)
            } catch let error as CLIPError where error.code == .notFound {
                return nil
            }
        }
    }

    private func embed(_ control: RunControl, _ log: any RunLog) async throws -> RunSummary {
        // Here rather than in `validate`, so that the log reports the error.
        try OutputCheck(outputs: [.store("--output", output)], inputs: source.sources + source.reading.filesFrom).run()
        var record = source.record
        record.carriedColumns = keepColumns.map { $0.split(separator: ",").map(String.init) }
        let present = try presentStore
        let http = source.reading.remote.http
        let images: CombinedSource
        let count: Int?
        do {
            if !allowNewIds {
                let comparison = FileComparison(
                    comparesContent: running.compareContent,
                    maximumBytes: decoding.limits.maxBytes
                )
                try await control.waitForCall { [record, output] in
                    try await record.requireImagesOnce(in: present, named: output, comparison: comparison)
                }
            }
            images = try record.source(http: http, maximumFileBytes: decoding.limits.maxBytes)
            count = try await control.count(images)
        } catch is CancellationError where control.isStopped {
            return RunSummary(ending: .stopped)
        }
        for note in try record.notes(on: images) { log.showNote(note) }
        if count == 0 { throw record.noImages }
        let stored = present?.provenance
        let named = try await RunEngine(self.engine, store: stored, model: model, precision: precision)
        if let message = named.message { log.showNote(message) }
        let bundle = named.bundle
        model.verbosity.apply { log.showWarning($0) }
        let decoder = decoding.decoder()
        let engine = try model.engine(for: bundle)
        let choice = try await RunPrecision(
            named.precision,
            store: stored?.precision,
            bundle: bundle,
            engine: engine,
            imageCount: count,
            running: running
        )
        if let message = choice.message { log.showNote(message) }
        let chosen = try bundle.running(in: choice.precision)
        let encoder = try chosen.lazyImageEncoder(on: engine)
        var options = ParquetStoreWriter.Options(
            elementType: float16 ? .float16 : .float32,
            commitInterval: .seconds(commitInterval)
        )
        options.sources = record
        let writer = try ParquetStoreWriter(
            path: output,
            provenance: Provenance(chosen.model, decoder: decoder),
            columns: images.columns,
            options: options
        )
        var runOptions = try running.options(
            batchSize: choice.batchSize,
            least: chosen.imagesForAllThreads(of: engine),
            concurrentReads: record.isRemote ? http.maximumConnections : nil
        )
        runOptions.onHalving = { images in
            log.showNote(
                "A larger batch did not fit into the memory of \(engine.runtime.device); encoding \(Text.count(images, "image")) at a time. "
                    + "Nothing is lost; --batch-size \(images) starts with that."
            )
        }
        let run = EmbeddingRun(
            source: images,
            decoder: decoder,
            encoder: encoder,
            writer: writer,
            options: runOptions
        )
        var result: RunSummary?
        for try await event in run.events(imageCount: count, control: control) {
            log.show(event)
            if case .finished(let summary) = event { result = summary }
        }
        guard let result else { preconditionFailure("the last event of a run is its summary") }
        for note in SourceRecord.notesAfterReading(images) { log.showNote(note) }
        log.showRepair(doubled: await writer.doubledCount)
        return result
    }
}
