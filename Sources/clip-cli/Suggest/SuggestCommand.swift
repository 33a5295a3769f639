internal import ArgumentParser
internal import CLIPArrow
internal import CLIPCore
internal import CLIPEvaluation
internal import CLIPModels
internal import CLIPPipeline

struct SuggestCommand: AsyncParsableCommand, FileWriting {
    static let configuration = CommandConfiguration(
        commandName: "suggest",
        abstract: "Suggest descriptions from a vocabulary, from labelled images or for an unknown collection.",
        discussion: """
            With --categories and --labels: prints what wrongly decided images are nearest to, and suggests \
            descriptions to add and to remove. A change is suggested only if its gain in F1 on held-out images is clear: \
            its 95 % confidence interval is above 0. --output writes a new category file, which keeps comments, order \
            and quotes; the differences in the decisions about all images are printed.

            Without labels: clusters the images and prints the phrases nearest to each cluster. --output writes a first \
            draft of a category file.

            The vocabulary is embedded once per model, which may take minutes; its vectors are cached.
            """
    )

    @OptionGroup var store: StoreArgument

    @Option(help: ArgumentHelp("Category file, YAML or JSON; needs --labels.", valueName: "file"))
    var categories: String?

    @Option(
        help: ArgumentHelp(
            "Labels: a CSV, TSV or Parquet file with the columns id, category and label (1 or 0).",
            discussion: "Without a label column, each image belongs to the categories listed for it and to no others.",
            valueName: "file"
        )
    )
    var labels: String?

    @Flag(help: "Ignore labels of images that are not in the store.")
    var skipMissing = false

    @Option(
        name: .customLong("category"),
        help: ArgumentHelp("Only suggest for this category; repeatable.", valueName: "name")
    )
    var chosen: [String] = []

    @Option(help: ArgumentHelp("Largest number of changes per category.", valueName: "count"))
    var maxChanges = 4

    @OptionGroup var vocabulary: VocabularyOption

    @Option(
        help: ArgumentHelp(
            "Number of clusters, without labels (default: √(2 × images), at most 50).",
            valueName: "count"
        )
    )
    var clusters: Int?

    @Option(help: ArgumentHelp("New category file.", valueName: "file"))
    var output: String?

    @Option(help: "Random seed (default: 0).", transform: Seed.value)
    var seed: UInt64 = 0

    @OptionGroup(title: "Model") var model: ModelOptions
    @OptionGroup var overwriting: OverwriteOption

    var outputs: [Output] {
        guard let output, let categories else { return [.file("--output", output)] }
        return [.categories("--output", output, read: categories)]
    }
    var inputs: [String?] { [store.embeddings, labels, vocabulary.vocabulary, model.path] }

    func validate() throws {
        switch (categories, labels) {
        case (.some, nil): throw ValidationError("--categories needs --labels, which show what is decided wrongly.")
        case (nil, .some): throw ValidationError("--labels needs --categories, whose descriptions are to be improved.")
        case (nil, nil):
            guard chosen.isEmpty else { throw ValidationError("--category needs --categories and --labels.") }
        case (.some, .some):
            guard clusters == nil else { throw ValidationError("--clusters applies only without --labels.") }
        }
        guard 1...20 ~= maxChanges else { throw ValidationError("--max-changes must be from 1 to 20.") }
        guard clusters.map({ 1...1000 ~= $0 }) ?? true else {
            throw ValidationError("--clusters must be from 1 to 1000.")
        }
    }

    func run() async throws {
        let embeddings = try ParquetStore(path: store.embeddings)
        let bundle = try model.bundle(for: embeddings)
        let embedder = try bundle.textEmbedder(on: model.engine(for: bundle))
        if let categories, let labels {
            let text = try CategoryFile.text(FileBytes.read(categories, allowsStreams: true), name: categories)
            let job = LabelledSuggestion(
                file: try CategoryFile(text: text, name: categories),
                text: text,
                name: categories,
                store: embeddings
            )
            let names = try job.require(chosen)
            let images = try LabelledEmbeddings(
                readFrom: labels,
                job.file,
                in: embeddings,
                skippingMissing: skipMissing
            )
            LabelCheck.warn(
                try await LabelCheck.biases(images, of: job.file, in: embeddings, seed: seed, embedder: embedder)
            )
            let suggester = DescriptionSuggester(
                vocabulary: try await vocabulary.embedded(by: embedder),
                maximumChanges: maxChanges,
                bootstrap: BootstrapOptions(resamples: 200, seed: seed)
            )
            let found = try await suggester.run(job.file, images: images, embedder: embedder, categories: names)
            // Before anything is printed, since whoever reads it may have gone.
            let new = try output.flatMap { try job.write(found, to: $0, calibratedOn: ImageLabels.digest(of: labels)) }
            try Terminal.print(SuggestionText.report(found))
            if let output { try await job.compare(with: new, named: output, embedder: embedder) }
        } else {
            try await describe(embeddings, embedder)
        }
    }

    private func describe(_ embeddings: ParquetStore, _ embedder: some TextEmbedding) async throws {
        var options = CollectionOverview.Options()
        options.clusters = clusters
        options.seed = seed
        var progress = ProgressLine()
        let overview = try CollectionOverview(
            of: embeddings,
            vocabulary: try await vocabulary.embedded(by: embedder),
            options: options
        ) { done in
            progress.show(done: done, of: embeddings.count, "the images")
        }
        progress.close()
        // Before anything is printed, since whoever reads it may have gone.
        if let output { try OutputFile.write(overview.draftText(), to: output) }
        try Terminal.print(SuggestionText.report(overview))
        guard let output else { return }
        let nextOptions = [("--categories", output), model.option, ("--output", "results.parquet")]
        let next = NextCommand("classify", [store.embeddings], nextOptions).text
        try Terminal.print("\nDraft of a category file: \(output)\nNext: \(next)")
    }
}
