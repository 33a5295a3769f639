internal import ArgumentParser
internal import CLIPArrow
internal import CLIPCore
internal import CLIPReport

struct ScoreCommand: AsyncParsableCommand, OutputWriting {
    static let configuration = CommandConfiguration(
        commandName: "score",
        abstract: "Write every category's score for stored images, without deciding.",
        discussion: """
            For each image and category: the score, its similarity to the positive, negative and neutral descriptions, the margin to the neutral ones, and the description that it is nearest to. 'classify' decides from such a file, if it ends in .parquet, without computing anything again.
            """
    )

    @Argument(help: ArgumentHelp("Folder that 'embed' wrote.", valueName: "embeddings"))
    var embeddings: String

    @Option(help: ArgumentHelp("Category file, YAML or JSON.", valueName: "file"))
    var categories: String

    @OptionGroup var output: ResultOutput
    @OptionGroup var scoring: ScoringOptions

    var outputs: [Output] { [.file("--output", output.output)] }
    var inputs: [String?] { [embeddings, categories] + scoring.files }

    func run() async throws {
        let file = try CategoryFile(contentsOf: categories)
        let store = try ParquetStore(path: embeddings)
        let classifier = try await scoring.classifier(file, named: categories, for: store)
        let schema = classifier.resultSchema(parts: ResultPart.evidence)
        let writer = try output.writer(schema, provenance: store.provenance)
        try store.forEachBlockInParallel { block in
            let similarities = try classifier.similarities(block.embeddings, includingPrompts: true)
            return ResultBlock(
                ids: block.ids,
                evidence: classifier.score(similarities),
                bestPrompts: PromptSimilarities(similarities)?.bestPrompts()
            )
        } body: { results in
            try writer.append(results)
        }
        try writer.finish()
        try Terminal.print("Scores of \(store.count) images for \(file.categories.count) categories: \(output.output)")
    }
}
