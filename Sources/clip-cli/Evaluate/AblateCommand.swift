internal import ArgumentParser
internal import CLIPArrow
internal import CLIPCore
internal import CLIPEvaluation
internal import CLIPModels

struct AblateCommand: AsyncParsableCommand, FileWriting {
    static let configuration = CommandConfiguration(
        commandName: "ablate",
        abstract: "Measure what each description, the negatives, the neutral set and each template contribute.",
        discussion: """
            Removes one component at a time, refits the thresholds, and compares F1 and average precision on held-out \
            images. An effect is clear if its 95 % confidence interval excludes 0.
            """
    )

    @OptionGroup var labelled: LabelOptions
    @OptionGroup(title: "Model") var model: ModelOptions

    @Option(help: "Number of bootstrap resamples for the confidence intervals.")
    var resamples = 200

    @Option(help: "Random seed (default: 0).", transform: Seed.value)
    var seed: UInt64 = 0

    @Option(help: ArgumentHelp("CSV file for the effects.", valueName: "file"))
    var output: String?

    func validate() throws {
        guard 50...100_000 ~= resamples else { throw ValidationError("--resamples must be from 50 to 100000.") }
    }

    @OptionGroup var overwriting: OverwriteOption

    var outputs: [Output] { [.csv("--output", output)] }
    var inputs: [String?] { labelled.files + [model.path] }

    func run() async throws {
        let file = try CategoryFile(contentsOf: labelled.categories)
        let store = try ParquetStore(path: labelled.embeddings)
        let bundle = try model.bundle(for: store)
        let images = try labelled.images(file, in: store)
        let embedder = try bundle.textEmbedder(on: model.engine(for: bundle))
        let ablation = Ablation(bootstrap: BootstrapOptions(resamples: resamples, seed: seed))
        let results = try await ablation.run(file, images: images, embedder: embedder)
        // Before anything is printed, since whoever reads it may have gone.
        if let output { try Ablation.writeCSV(results, to: output) }
        try Terminal.print(AblationText.report(results))
        if let output { try Terminal.print("Effects: \(output)") }
    }
}
