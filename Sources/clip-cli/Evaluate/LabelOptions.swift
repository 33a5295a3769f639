internal import ArgumentParser
internal import CLIPArrow
internal import CLIPCore
internal import CLIPEvaluation

/// Stored images, categories and the labels that decisions are compared with.
struct LabelOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("Folder that 'embed' wrote.", valueName: "embeddings"))
    var embeddings: String

    @Option(help: ArgumentHelp("Category file, YAML or JSON.", valueName: "file"))
    var categories: String

    @Option(
        help: ArgumentHelp(
            "CSV, TSV or Parquet file with the columns id, category and label (1 or 0).",
            discussion: "Without the column label, each image belongs to the categories named for it and to no other.",
            valueName: "file"
        )
    )
    var labels: String

    @Flag(help: "Leave out labels of images that are not in the store.")
    var skipMissing = false

    /// What is read.
    var files: [String?] { [embeddings, categories, labels] }

    /// The labelled images of a store.
    func images(_ file: CategoryFile, in store: ParquetEmbeddings) throws -> LabelledEmbeddings {
        try LabelledEmbeddings(readFrom: labels, file, in: store, skippingMissing: skipMissing)
    }
}

extension LabelledEmbeddings {
    /// Reads a labels file and the vectors of its images, and says how many images were left out.
    init(readFrom path: String, _ file: CategoryFile, in store: ParquetEmbeddings, skippingMissing: Bool) throws {
        try self.init(
            ImageLabels(contentsOf: path),
            categories: file.categories.map(\.name),
            store: store,
            missingImages: skippingMissing ? .leftOut : .refused
        )
        if missingCount > 0 {
            Terminal.printError(
                "Left out, because the store does not hold them: \(missingCount) of the labelled images."
            )
        }
    }

    /// The images without what rules learned from, of which it says how much was left out.
    func unseen(by exemplars: ExemplarOptions, of file: CategoryFile) throws -> LabelledEmbeddings {
        let unseen = forgetting(try exemplars.ids(), of: file)
        let count = zip(truth, unseen.truth).count { $0 != nil && $1 == nil }
        if count > 0 {
            Terminal.printError("Labels left out, because a rule learned from their images (--exemplars): \(count).")
        }
        return unseen
    }
}

/// How confidence intervals are found.
struct IntervalOptions: ParsableArguments {
    @Option(help: "How often images are drawn to find the 95 % intervals; 0 for none.")
    var resamples = 1000

    @Option(help: "The same number gives the same intervals.")
    var seed: UInt64 = 0

    func validate() throws {
        // Ends of a 95 % interval need some samples beyond them.
        guard resamples == 0 || 50...1_000_000 ~= resamples else {
            throw ValidationError("--resamples must be from 50 to 1000000, or 0 for no intervals.")
        }
    }

    var bootstrap: BootstrapOptions { BootstrapOptions(resamples: resamples, seed: seed) }
}
