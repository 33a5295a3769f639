internal import ArgumentParser
internal import CLIPArrow
internal import CLIPCore
internal import CLIPDigest
internal import CLIPEvaluation

/// A store, a category file and labels.
struct LabelOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("Store: the folder that 'embed' wrote.", valueName: "store"))
    var embeddings: String

    @Option(help: ArgumentHelp("Category file, YAML or JSON.", valueName: "file"))
    var categories: String

    @Option(
        help: ArgumentHelp(
            "Labels: a CSV, TSV or Parquet file with the columns id, category and label (1, 0 or unsure).",
            discussion: "Without a label column, each image belongs to the categories listed for it and to no others.",
            valueName: "file"
        )
    )
    var labels: String

    @Flag(help: "Ignore labels of images that are not in the store or the file of scores.")
    var skipMissing = false

    /// The input files.
    var files: [String?] { [embeddings, categories, labels] }

    /// SHA-256 of the labels file.
    var digest: String? { get throws { try ImageLabels.digest(of: labels) } }

    /// The labelled images among those that were decided on, the decisions on them, and those on all images.
    func decisions(
        _ file: CategoryFile,
        from source: DecisionSource
    ) throws -> (images: LabelledEmbeddings, decisions: Decisions, collection: CollectionScores) {
        let labelled = try source.labelled(
            ImageLabels(contentsOf: labels),
            file,
            missingImages: skipMissing ? .leftOut : .refused
        )
        labelled.images.warnOfMissing(in: source.name)
        return labelled
    }

    /// The labelled images of a store.
    func images(_ file: CategoryFile, in store: ParquetStore) throws -> LabelledEmbeddings {
        try LabelledEmbeddings(readFrom: labels, file, in: store, skippingMissing: skipMissing)
    }
}

extension ImageLabels {
    /// SHA-256 of a labels file in hexadecimal; `nil` for a stream, which can be read once.
    ///
    /// - Throws: `CLIPError` with code `unreadable`.
    static func digest(of path: String) throws -> String? {
        guard (try? PathKind(path)) == .file, try !PathKind.isStream(path) else { return nil }
        return SHA256.hexadecimal(of: try FileBytes.read(path))
    }
}

extension LabelledEmbeddings {
    /// Reads a labels file and the vectors of its images, and prints how many images were ignored.
    init(readFrom path: String, _ file: CategoryFile, in store: ParquetStore, skippingMissing: Bool) throws {
        try self.init(
            ImageLabels(contentsOf: path),
            categories: file.categories.map(\.name),
            store: store,
            missingImages: skippingMissing ? .leftOut : .refused
        )
        warnOfMissing(in: store.name)
    }

    /// Prints warnings of images that have no answer, or were ignored.
    fileprivate func warnOfMissing(in collection: String) {
        LabelCheck.warn(LabelCheck.unanswered(self))
        if missingCount > 0 {
            Terminal.printError(
                "warning: ignored \(Text.count(missingCount, "labelled image")) that \(missingCount == 1 ? "is" : "are") not in "
                    + Text.printable(collection)
            )
        }
    }

    /// The images without the labels that rules learned from; prints how many labels were ignored.
    func unseen(by exemplars: ExemplarOptions, of file: CategoryFile) throws -> LabelledEmbeddings {
        guard let learned = try exemplars.labels() else { return self }
        let unseen = forgetting(learned, of: file)
        let count = zip(truth, unseen.truth).count { $0 != nil && $1 == nil }
        if count > 0 {
            Terminal.printError(
                "Ignored \(Text.count(count, "label")) from which the category's rule learned (--exemplars)."
            )
        }
        return unseen
    }
}

/// How confidence intervals are computed.
struct IntervalOptions: ParsableArguments {
    @Option(help: "Number of bootstrap resamples for the confidence intervals (0: no intervals).")
    var resamples = 1000

    @Option(help: "Random seed (default: 0).", transform: Seed.value)
    var seed: UInt64 = 0

    func validate() throws {
        // A 95 % interval needs some resamples beyond its ends.
        guard resamples == 0 || 50...1_000_000 ~= resamples else {
            throw ValidationError("--resamples must be from 50 to 1000000, or 0 for no intervals.")
        }
    }

    var bootstrap: BootstrapOptions { BootstrapOptions(resamples: resamples, seed: seed) }
}
