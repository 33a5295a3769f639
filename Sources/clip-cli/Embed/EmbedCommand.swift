internal import ArgumentParser
internal import CLIPArrow
internal import CLIPCore
internal import CLIPHTTP
internal import CLIPPipeline
internal import CLIPTorch

struct EmbedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "embed",
        abstract: "Turn images into vectors and store them.",
        discussion: """
            Writes a folder of Parquet files with one row an image: its id and its vector. An image's id is its path relative to the folder; with several sources, and for single files and lists, it is the path as given. Images that cannot be used are listed with the reason in rejects.parquet.

            Run the same command again to resume after an interruption, or when images were added or changed: what the store holds is not done again.
            """
    )

    @OptionGroup(title: "Sources") var source: SourceOptions
    @OptionGroup(title: "Model") var model: ModelOptions
    @OptionGroup(title: "Decoding") var decoding: DecodingOptions
    @OptionGroup(title: "Run") var running: RunOptions

    @Option(help: ArgumentHelp("Folder for the embeddings; one that holds some is gone on with.", valueName: "dir"))
    var output: String

    @Flag(help: "Store values in 16 bits instead of 32: half the size, and scores change in the fourth digit.")
    var float16 = false

    @Option(help: ArgumentHelp("Commit what is done at the latest after this time.", valueName: "seconds"))
    var commitInterval = 60.0

    @Flag(help: "Exit with 0 although images failed.")
    var allowFailures = false

    func validate() throws {
        guard !source.isEmpty else {
            throw ValidationError("Name at least one folder, image, table or archive, or a list with --list.")
        }
        guard 0...86_400 ~= commitInterval else {
            throw ValidationError("--commit-interval must be from 0 to 86400 seconds, which is a day.")
        }
    }

    func run() async throws {
        let log = running.logFormat.log()
        let control = RunControl()
        let interrupts = Interrupts(stopping: control, log)
        defer { interrupts.end() }
        let result: RunProgress
        do {
            result = try await embed(control, log)
        } catch {
            if log.showFailure(error) { throw ExitStatus.cannotRun }
            throw error
        }
        interrupts.showMessages()
        try log.showEnd(result, store: output)
        if result.ending == .stopped { throw ExitStatus.stopped }
        if result.failed > 0 && !allowFailures { throw ExitStatus.doneWithFailures }
    }

    private func embed(_ control: RunControl, _ log: any RunLog) async throws -> RunProgress {
        // Here rather than before the command begins, so that the log says what is wrong.
        try OutputCheck(outputs: [.store("--output", output)], inputs: source.sources + source.reading.list).run()
        let record = source.record
        let http = source.reading.http
        let images = try record.source(http: http, maximumFileBytes: decoding.maxBytes)
        let count: Int?
        do {
            count = try await control.count(images)
        } catch is CancellationError where control.isStopped {
            return .stopped
        }
        if count == 0 { throw record.noImages }
        let bundle = try model.bundle()
        model.verbosity.apply { log.showWarning($0) }
        let encoder = try bundle.lazyImageEncoder(device: model.torchDevice())
        var options = ParquetEmbeddingWriter.Options(
            elementType: float16 ? .float16 : .float32,
            commitInterval: .seconds(commitInterval)
        )
        options.sources = record
        let writer = try ParquetEmbeddingWriter(
            folder: output,
            provenance: Provenance(bundle.model, decoding: decoding.exifOrientation.description),
            columns: images.columns,
            options: options
        )
        let run = EmbeddingRun(
            source: images,
            decoder: decoding.decoder(),
            encoder: encoder,
            writer: writer,
            options: running.options(concurrentReads: record.isRemote ? http.maximumConnections : 0)
        )
        let result = try await run.run(imageCount: count, control: control) { log.show($0) }
        log.showRepair(doubled: await writer.doubledCount)
        return result
    }
}
