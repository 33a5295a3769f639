internal import ArgumentParser
internal import CLIPArrow
internal import CLIPCore
internal import CLIPEvaluation
internal import CLIPTorch

struct AblateCommand: AsyncParsableCommand, OutputWriting {
    static let configuration = CommandConfiguration(
        commandName: "ablate",
        abstract: "Measure what each description, the negatives, the neutral set and each template contribute.",
        discussion: """
            Leaves out one part after the other, fits thresholds anew, and compares F1 and average precision on images \
            that the thresholds were not fitted to. An effect is clear when its 95 % interval does not hold 0.
            """
    )

    @OptionGroup var labelled: LabelOptions
    @OptionGroup(title: "Model") var model: ModelOptions

    @Option(help: "How often images are drawn to find the 95 % intervals.")
    var resamples = 200

    @Option(help: "The same number gives the same results.")
    var seed: UInt64 = 0

    @Option(help: ArgumentHelp("Write the effects to this CSV file.", valueName: "file"))
    var output: String?

    func validate() throws {
        guard 50...100_000 ~= resamples else { throw ValidationError("--resamples must be from 50 to 100000.") }
    }

    var outputs: [Output] { [.csv("--output", output)] }
    var inputs: [String?] { labelled.files + [model.path] }

    func run() async throws {
        let file = try CategoryFile(contentsOf: labelled.categories)
        let store = try ParquetEmbeddings(path: labelled.embeddings)
        let bundle = try model.bundle(for: store)
        let images = try labelled.images(file, in: store)
        let embedder = try bundle.textEmbedder(device: model.torchDevice())
        let ablation = Ablation(bootstrap: BootstrapOptions(resamples: resamples, seed: seed))
        let results = try await ablation.run(file, images: images, embedder: embedder)
        try Terminal.print(AblationText.report(results))
        if let output {
            try Ablation.writeCSV(results, to: output)
            try Terminal.print("Written: \(output)")
        }
    }
}
