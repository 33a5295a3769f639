internal import ArgumentParser
internal import CLIPArrow
internal import CLIPCore
internal import CLIPReport

struct ClassifyCommand: AsyncParsableCommand, OutputWriting {
    static let configuration = CommandConfiguration(
        commandName: "classify",
        abstract: "Decide which categories stored images belong to.",
        discussion: """
            Works on stored embeddings and does not touch the images: change the category file and run it again. After 'score', thresholds and the neutral margin can be changed without scoring again: give its .parquet file instead of the embeddings.
            """
    )

    @Argument(
        help: ArgumentHelp("Folder that 'embed' wrote, or a .parquet file that 'score' wrote.", valueName: "input")
    )
    var input: String

    @Option(help: ArgumentHelp("Category file, YAML or JSON.", valueName: "file"))
    var categories: String

    @Flag(
        help: "Write which categories match, without scores and reasons; 'report' needs a file with them."
    )
    var decisionsOnly = false

    @OptionGroup var output: ResultOutput
    @OptionGroup var scoring: ScoringOptions

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
        let writer = try output.writer(decided.schema, provenance: decided.provenance)
        var counts = MatchCounts(categoryCount: file.categories.count)
        try decided.forEachBlock { ids, decisions in
            try writer.append(ResultBlock(ids: ids, decisions: decisions))
            counts.add(decisions)
        }
        try writer.finish()
        try Terminal.print(counts.table(categories: file.categories.map(\.name)))
        try Terminal.print("Results: \(output.output)")
    }
}
