internal import ArgumentParser
internal import CLIPArrow
internal import CLIPCore
internal import CLIPReport

struct ScoreCommand: AsyncParsableCommand, FileWriting {
    static let configuration = CommandConfiguration(
        commandName: "score",
        abstract: "Write the score of every embedded image for every category, without deciding.",
        discussion: """
            Writes for each image and category the score, the similarities to the positive, negative and neutral descriptions, the neutral gap (positive − neutral), and the most similar positive description. 'classify' accepts a .parquet result instead of a store.
            """
    )

    @Argument(help: ArgumentHelp("Store: the folder that 'embed' wrote.", valueName: "store"))
    var embeddings: String

    @Option(help: ArgumentHelp("Category file, YAML or JSON.", valueName: "file"))
    var categories: String

    @OptionGroup var output: ResultOutput
    @OptionGroup var scoring: ScoringOptions

    @OptionGroup var overwriting: OverwriteOption

    var outputs: [Output] { [.file("--output", output.output)] }
    var inputs: [String?] { [embeddings, categories] + scoring.files }

    func run() async throws {
        let file = try CategoryFile(contentsOf: categories)
        let store = try ParquetStore(path: embeddings)
        let classifier = try await scoring.classifier(file, named: categories, for: store)
        var schema = classifier.resultSchema(parts: ResultPart.evidence)
        schema.categoryFile = categories
        let formulas = output.spreadsheet.cells
        let writer = try output.writer(schema, provenance: store.provenance, formulas: formulas)
        try store.forEachBlockInParallel { [prepare = writer.prepare] block in
            let similarities = try classifier.similarities(block.embeddings, includingPrompts: true)
            return try prepare(
                ResultBlock(
                    ids: block.ids,
                    evidence: classifier.score(similarities),
                    bestPrompts: PromptSimilarities(similarities)?.bestPrompts()
                )
            )
        } body: { results in
            try writer.append(results)
        }
        try writer.finish()
        try Terminal.print(
            "\(Text.count(store.count, "image")), categories scored: \(file.categories.count)\nResults: \(output.name)"
        )
        formulas.warn(about: output.name, advice: SpreadsheetOption.advice)
    }
}
