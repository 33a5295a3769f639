internal import ArgumentParser

/// The values of `--mode`.
enum WorkerMode: String, CaseIterable, ExpressibleByArgument {
    case embed
    case classify
}

/// What a worker does with images, or with vectors.
struct WorkerModeOptions: ParsableArguments {
    @Option(help: "Answer with vectors, or with the columns that 'classify' writes.")
    var mode = WorkerMode.embed

    @Option(help: ArgumentHelp("Category file, YAML or JSON, for --mode classify.", valueName: "file"))
    var categories: String?

    @Flag(help: "With --mode classify, answer only with the matching categories, without scores and reasons.")
    var decisionsOnly = false

    @OptionGroup var exemplars: ExemplarOptions

    func validate() throws {
        guard (mode == .classify) == (categories != nil) else {
            throw ValidationError("--mode classify needs --categories, and the other way round.")
        }
        guard mode == .classify || (!decisionsOnly && exemplars.exemplars == nil) else {
            throw ValidationError("--decisions-only and --exemplars need --mode classify.")
        }
        guard exemplars.exemplars == nil || exemplars.exemplarStore != nil else {
            throw ValidationError("--exemplars needs --exemplar-store: a worker has no store of its own.")
        }
    }
}
