internal import ArgumentParser
internal import CLIPArrow
internal import CLIPCore
internal import CLIPReport

struct ClassifyCommand: AsyncParsableCommand, FileWriting {
    static let configuration = CommandConfiguration(
        commandName: "classify",
        abstract: "Decide which categories the embedded images belong to.",
        discussion: """
            Reads the store, not the images: reclassifying after an edit of the category file takes about a second. If only thresholds or the neutral margin have changed, you can pass a .parquet file that 'score' wrote instead of the store; then nothing is scored again.
            """
    )

    @Argument(
        help: ArgumentHelp("Store, or a .parquet file that 'score' wrote.", valueName: "store|scores")
    )
    var input: String

    @Option(help: ArgumentHelp("Category file, YAML or JSON.", valueName: "file"))
    var categories: String

    @Flag(
        help: "Write only the matching categories, without scores and reasons (which 'report' needs)."
    )
    var decisionsOnly = false

    @OptionGroup var output: ResultOutput
    @OptionGroup var scoring: ScoringOptions

    @OptionGroup var overwriting: OverwriteOption

    var outputs: [Output] { [.file("--output", output.output)] }
    var inputs: [String?] { [input, categories] + scoring.files }

    func run() async throws {
        let file = try CategoryFile(contentsOf: categories)
        let decided = try await DecisionSource(
            input,
            file,
            named: categories,
            scoring,
            parts: decisionsOnly ? [] : ResultPart.decision
        )
        let formulas = output.spreadsheet.cells
        let writer = try output.writer(decided.schema, provenance: decided.provenance, formulas: formulas)
        var counts = MatchCounts(categoryCount: file.categories.count)
        try decided.forEachBlock { [prepare = writer.prepare] ids, decisions in
            (results: try prepare(ResultBlock(ids: ids, decisions: decisions)), counts: MatchCounts(decisions))
        } body: { block in
            try writer.append(block.results)
            counts += block.counts
        }
        try writer.finish()
        try Terminal.print(counts.table(categories: file.categories.map(\.name)))
        try Terminal.print("Results: \(output.name)")
        formulas.warn(about: output.name, advice: SpreadsheetOption.advice)
    }
}
