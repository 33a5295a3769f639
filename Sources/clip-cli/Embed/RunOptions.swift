internal import ArgumentParser
internal import CLIPCore
internal import CLIPDigest
internal import CLIPPipeline

/// How images are worked through.
struct RunOptions: ParsableArguments {
    @Option(help: "Images that are encoded at a time.")
    var batchSize = EmbeddingRun.Options().batchSize

    @Option(help: "Images that are decoded at a time.")
    var decodeWorkers = EmbeddingRun.Options().decodeWorkers

    @Flag(help: "Tell changed images by the SHA-256 of their bytes, not by size and time: reads every file.")
    var hash = false

    @Flag(help: "Remove the vectors of images that are no longer among the sources, or that are gone.")
    var prune = false

    @Option(help: ArgumentHelp("Stop when more images fail, such as 500 or 5%.", valueName: "n|p%"))
    var maxFailures: MaximumFailures?

    @Option(help: "What is printed during the run: text, or one JSON object a line.")
    var logFormat = LogFormat.text

    func validate() throws {
        guard 1...1024 ~= batchSize else { throw ValidationError("--batch-size must be from 1 to 1024.") }
        guard 1...256 ~= decodeWorkers else { throw ValidationError("--decode-workers must be from 1 to 256.") }
    }

    /// The options of a run that reads as many images at a time.
    func options(concurrentReads: Int?) -> EmbeddingRun.Options {
        EmbeddingRun.Options(
            batchSize: batchSize,
            decodeWorkers: decodeWorkers,
            concurrentReads: concurrentReads,
            failureLimit: maxFailures?.limit,
            contentHash: SHA256.hexadecimal,
            comparesContent: hash,
            prunes: prune
        )
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
