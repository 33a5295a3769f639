internal import ArgumentParser
internal import CLIPCore
internal import CLIPDigest
internal import CLIPPipeline

/// How a run works through its images.
struct RunOptions: ParsableArguments {
    @OptionGroup var batches: BatchOptions

    @Flag(help: "Detect changed images by SHA-256 instead of size and modification time (reads every file).")
    var compareContent = false

    @Flag(help: "Remove the vectors of images that are no longer in the sources.")
    var prune = false

    @Option(
        help: ArgumentHelp(
            "Abort if more images fail than this: a number (500) or a percentage (5%).",
            valueName: "n|p%"
        ),
        transform: MaximumFailures.limit
    )
    var maxFailures: FailureLimit?

    @Option(help: "Progress and messages as text, or as JSON Lines (json).")
    var logFormat = LogFormat.text

    /// The options of a run; `nil` stands for the default.
    ///
    /// - Parameters:
    ///   - measured: The batch size that was measured as the fastest; the user's takes precedence.
    ///   - least: The smallest batch that gives every thread of the encoder work.
    ///   - concurrentReads: Reads in progress at a time.
    /// - Returns: The options.
    func options(batchSize measured: Int?, least: Int, concurrentReads: Int?) -> EmbeddingRun.Options {
        EmbeddingRun.Options(
            batchSize: batchSize(measured: measured, least: least),
            decodeWorkers: batches.decodeWorkers,
            concurrentReads: concurrentReads,
            failureLimit: maxFailures,
            contentHash: SHA256.hexadecimal,
            comparesContent: compareContent,
            prunes: prune
        )
    }

    /// The number of images in a batch; the parameters are those of ``options(batchSize:least:concurrentReads:)``.
    func batchSize(measured: Int?, least: Int) -> Int {
        batches.batchSize ?? max(measured ?? EmbeddingRun.Options().batchSize, least)
    }
}

/// The value of `--max-failures`.
enum MaximumFailures {
    /// Reads a number or a percentage.
    static func limit(_ argument: String) throws -> FailureLimit {
        if argument.hasSuffix("%") {
            if let percent = Double(argument.dropLast()), 0...100 ~= percent { return .share(percent / 100) }
        } else if let count = Int(argument), count >= 0 {
            return .count(count)
        }
        throw ValidationError("It must be a number of images from 0, or a percentage from 0% to 100%.")
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
