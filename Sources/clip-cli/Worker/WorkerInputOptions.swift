internal import ArgumentParser
internal import CLIPArrow
internal import CLIPPipeline

/// The columns of a worker's input, and its limits.
struct WorkerInputOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Column that holds the ids (default: id).", valueName: "name"))
    var idColumn: String?

    @Option(
        help: ArgumentHelp(
            "Column that holds bytes, paths or URIs of images (default: the only one of bytes, path and uri).",
            valueName: "name"
        )
    )
    var imageColumn: String?

    @Option(help: ArgumentHelp("Maximum number of rows of a record batch.", valueName: "n"))
    var maxBatchRows = EmbeddingWorker.Options().maximumRows

    @Option(help: ArgumentHelp("Maximum size of a record batch in bytes.", valueName: "n"))
    var maxBatchBytes = EmbeddingWorker.Options().maximumBytes

    func validate() throws {
        guard maxBatchRows > 0 else { throw ValidationError("--max-batch-rows must be at least 1.") }
        guard maxBatchBytes > 0 else { throw ValidationError("--max-batch-bytes must be at least 1.") }
    }

    func options(run: EmbeddingRun.Options) -> EmbeddingWorker.Options {
        EmbeddingWorker.Options(
            idColumn: idColumn,
            imageColumn: imageColumn,
            maximumRows: maxBatchRows,
            maximumBytes: maxBatchBytes,
            run: run
        )
    }
}
