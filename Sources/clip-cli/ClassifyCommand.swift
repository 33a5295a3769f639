internal import ArgumentParser
internal import CLIPArrow
internal import CLIPCore
internal import CLIPTorch

struct ClassifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "classify",
        abstract: "Decide which categories stored images belong to.",
        discussion: """
            Works on stored embeddings and does not touch the images: change the category file and run it again.
            """
    )

    @Argument(help: ArgumentHelp("Folder that 'embed' wrote.", valueName: "embeddings"))
    var embeddings: String

    @Option(help: ArgumentHelp("Category file, YAML or JSON.", valueName: "file"))
    var categories: String

    @Option(help: ArgumentHelp("Result file; its name ends in .parquet, .csv or .jsonl.", valueName: "file"))
    var output: String

    @OptionGroup var model: ModelOptions

    func validate() throws {
        guard ResultFormat(path: output) != nil else {
            throw ValidationError("--output must end in \(ResultFormat.list), not '\(output)'.")
        }
    }

    func run() async throws {
        guard let format = ResultFormat(path: output) else { preconditionFailure("validated") }
        let file = try CategoryFile(contentsOf: categories)
        let store = try ParquetEmbeddings(path: embeddings)
        store.warnIfIncomplete()
        let bundle = try model.bundle()
        try store.provenance.requireModel(bundle.model, store: store.name)
        let rule = try file.scoringRule(for: bundle.model)
        let bank = try await PromptBank(file, embedder: bundle.textEmbedder(device: model.torchDevice()))
        let classifier = Classifier(file, bank: bank, rule: rule)

        let names = file.categories.map(\.name)
        let writer = try format.writer(path: output, categories: names, provenance: store.provenance)
        var counts = MatchCounts(categoryCount: names.count)
        try store.forEachBlock(rows: 4096) { block in
            let decisions = try classifier.classify(block.embeddings)
            try writer.append(ids: block.ids, decisions: decisions)
            counts.add(decisions)
        }
        try writer.finish()
        try Terminal.print(counts.table(categories: names))
        try Terminal.print("Results: \(output)")
    }
}
