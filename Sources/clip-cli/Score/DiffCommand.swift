internal import ArgumentParser
internal import CLIPArrow
internal import CLIPCore
internal import CLIPEvaluation
internal import CLIPReport

struct DiffCommand: AsyncParsableCommand, FileWriting {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Compare the decisions of two category files.",
        discussion: """
            Prints for each category how many images match with both files (kept), only with the second (gained) and only with the first (lost), with examples. Categories are matched by name.
            """
    )

    @OptionGroup var store: StoreArgument

    @Argument(help: ArgumentHelp("Category file before the change.", valueName: "before"))
    var before: String

    @Argument(help: ArgumentHelp("Category file after the change.", valueName: "after"))
    var after: String

    @Option(help: ArgumentHelp("CSV file for all differences: id, category, change.", valueName: "file"))
    var output: String?

    @Option(help: "Example images to print per category, gained and lost.")
    var examples = 5

    @OptionGroup var spreadsheet: SpreadsheetOption
    @OptionGroup var scoring: ScoringOptions

    func validate() throws {
        guard examples >= 0 else { throw ValidationError("--examples must be at least 0.") }
        try spreadsheet.check(writesCSV: output != nil)
    }

    @OptionGroup var overwriting: OverwriteOption

    var outputs: [Output] { [.csv("--output", output)] }
    var inputs: [String?] { [store.embeddings, before, after] + scoring.files }

    func run() async throws {
        let files = (before: try CategoryFile(contentsOf: before), after: try CategoryFile(contentsOf: after))
        let embeddings = try ParquetStore(path: store.embeddings)
        let names = [files.before, files.after].map { $0.categories.map(\.name) }
        let first = try await scoring.classifier(files.before, named: before, for: embeddings, besides: names[1])
        let second = try await scoring.classifier(files.after, named: after, for: embeddings, besides: names[0])
        var comparison = DecisionComparison(files.before, files.after, examples: examples)
        let formulas = spreadsheet.cells
        let table = try output.map { path in
            try CSVFile(path: path, header: ["id", "category", "change"], written: formulas.written)
        }
        try comparison.run(embeddings, before: first, after: second) { id, category, isGained in
            try table?.write([id, category, isGained ? "gained" : "lost"])
        }
        try table?.close()
        try Terminal.print(comparison.summary)
        guard let output else { return }
        try Terminal.print("\nAll differences: \(output)")
        formulas.warn(about: output, advice: SpreadsheetOption.advice)
    }
}
