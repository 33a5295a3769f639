internal import ArgumentParser
internal import CLIPCore
internal import CLIPDigest
internal import CLIPPipeline

/// How a run works through its images.
struct RunOptions: ParsableArguments {
    @Option(help: "Images per encoder batch.")
    var batchSize = EmbeddingRun.Options().batchSize

    @Option(help: "Images decoded in parallel.")
    var decodeWorkers = EmbeddingRun.Options().decodeWorkers

    @Flag(help: "Detect changed images by SHA-256 instead of size and modification time (reads every file).")
    var compareContent = false

    @Flag(help: "Remove the vectors of images that are no longer in the sources.")
    var prune = false

    @Option(help: ArgumentHelp("Abort after more failed images than this: a number (500) or a percentage (5%).", valueName: "n|p%"))
    var maxFailures: MaximumFailures?

    @Option(help: "Progress and messages as text, or as JSON Lines (json).")
    var logFormat = LogFormat.text

    func validate() throws {
        guard 1...1024 ~= batchSize else { throw ValidationError("--batch-size must be from 1 to 1024.") }
        guard 1...256 ~= decodeWorkers else { throw ValidationError("--decode-workers must be from 1 to 256.") }
    }

    /// The options of a run that reads as many images at a time.
    func options(concurrentReads: Int) -> EmbeddingRun.Options {
        var options = EmbeddingRun.Options()
        options.batchSize = batchSize
        options.decodeWorkers = decodeWorkers
        options.concurrentReads = concurrentReads
        options.failureLimit = maxFailures?.limit
        options.contentHash = SHA256.hexadecimal
        options.comparesContent = compareContent
        options.prunes = prune
        return options
    }
}

/// The value of `--max-failures`.
struct MaximumFailures: ExpressibleByArgument {
    let limit: FailureLimit

    init?(argument: String) {
        if argument.hasSuffix("%") {
            guard let percent = Double(argument.dropLast()), 0...100 ~= percent else { return nil }
            limit = .share(percent / 100)
        } else {
            guard let count = Int(argument), count >= 0 else { return nil }
            limit = .count(count)
        }
    }
}

/// The values of `--log-format`.
enum LogFormat: String, CaseIterable, ExpressibleByArgument {
    case text
    case json

    func log() -> any RunLog {
        switch self {
        case .text: TextLog()
        case .json: JSONLog()
        }
    }
}
