internal import ArgumentParser
internal import CLIPPipeline

/// How many images are encoded and decoded at a time.
struct BatchOptions: ParsableArguments {
    @Option(
        help:
            "Images per encoder batch (default: 32, or the fastest that --precision auto measured; with OpenVINO at least 8 per thread)."
    )
    var batchSize: Int?

    @Option(help: "Images decoded in parallel.")
    var decodeWorkers = EmbeddingRun.Options().decodeWorkers

    func validate() throws {
        guard batchSize.map({ 1...1024 ~= $0 }) ?? true else {
            throw ValidationError("--batch-size must be from 1 to 1024.")
        }
        guard 1...256 ~= decodeWorkers else { throw ValidationError("--decode-workers must be from 1 to 256.") }
    }
}
