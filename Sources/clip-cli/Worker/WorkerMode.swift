internal import ArgumentParser

/// The values of `--mode`.
enum WorkerMode: String, CaseIterable, ExpressibleByArgument {
    case embed
    case classify
    case search
}

/// What a worker does with images, or with vectors.
struct WorkerModeOptions: ParsableArguments {
    @Option(help: "Answer with vectors, with the columns that 'classify' writes, or with the cosines of queries.")
    var mode = WorkerMode.embed

    @Option(help: ArgumentHelp("Category file, YAML or JSON, for --mode classify.", valueName: "file"))
    var categories: String?

    @Flag(help: "With --mode classify, answer only with the matching categories, without scores and reasons.")
    var decisionsOnly = false

    @OptionGroup var exemplars: ExemplarOptions

    @Option(help: "Text to search with, for --mode search (repeatable).")
    var text: [String] = []

    @OptionGroup var query: QueryOptions

    func validate() throws {
        guard mode == .search || (text.isEmpty && query.isEmpty) else {
            throw ValidationError("--text, --image, --weights and --separate-queries need --mode search.")
        }
        if mode == .search { _ = try query.query(texts: text) }
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
