internal import ArgumentParser
internal import CLIPArrow
internal import CLIPCore
internal import CLIPEvaluation
internal import CLIPModels
internal import CLIPPipeline

struct CalibrateCommand: AsyncParsableCommand, FileWriting {
    static let configuration = CommandConfiguration(
        commandName: "calibrate",
        abstract: "Fit thresholds and the neutral margin to labelled images, and write a new category file.",
        discussion: """
            With labels: fits one threshold per category and one neutral margin for the target, and prints precision, \
            recall and F1 of the new thresholds on other images (cross-validation), or in the whole store if the labels were \
            drawn by 'sample' (a model of its scores). With '--confidence', the target is a \
            promise about the whole collection, and the margin is kept. Categories with too few labels keep their thresholds.

            Without labels: '--target background-quantile=0.99' sets each threshold to the 99th percentile of the category's \
            scores on background images: those more similar to the neutral descriptions than to any category.

            The new file differs from the old one only in these numbers and in the keys model_sha256 and calibrated_on; \
            comments and order are kept. Thresholds are valid for this model only.

            Labels must be a random sample of the store, or drawn by 'sample'. Others are warned of, and nothing is promised \
            from them, or from labels that the category file was fitted to before.
            """
    )

    @Argument(help: ArgumentHelp("Store: the folder that 'embed' wrote.", valueName: "store"))
    var embeddings: String

    @Option(help: ArgumentHelp("Category file, YAML or JSON.", valueName: "file"))
    var categories: String

    @Option(
        help: ArgumentHelp(
            "Target: f1, precision=0.95, recall=0.9 or, without labels, background-quantile=0.99.",
            valueName: "target"
        )
    )
    var target: String

    @Option(help: ArgumentHelp("New category file; may be the old one.", valueName: "file"))
    var output: String

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

    @Option(help: "Number of cross-validation folds.")
    var folds = 5

    @Option(
        help: ArgumentHelp(
            "Promise the target: precision=0.95 with a confidence of 0.95 means a precision of at least 0.95 in the whole collection with 95 % confidence, for each category.",
            valueName: "probability"
        )
    )
    var confidence: Double?

    @Flag(
        help:
            "With --confidence: promise even if the labels look biased or are incomplete, or the file was fitted to them."
    )
    var trustLabels = false

    @Flag(help: "Print score histograms of the labelled images. Without labels, histograms are always printed.")
    var histograms = false

    @OptionGroup var intervals: IntervalOptions
    @OptionGroup var scoring: ScoringOptions

    @OptionGroup var overwriting: OverwriteOption

    var outputs: [Output] { [.categories("--output", output, read: categories)] }
    var inputs: [String?] { [embeddings, labels] + scoring.files }

    func validate() throws {
        guard 3...20 ~= folds else { throw ValidationError("--folds must be from 3 to 20.") }
        if let confidence {
            guard 0.5..<1 ~= confidence else { throw ValidationError("--confidence must be from 0.5 to below 1.") }
            switch try parsedTarget() {
            case .precision(1), .recall(1):
                throw ValidationError(
                    "--confidence needs a target below 1: no number of labels proves that there is no error."
                )
            case .precision, .recall: break
            case .f1, .quantile:
                throw ValidationError(
                    "--confidence needs --target precision=P or recall=R: nothing else can be promised."
                )
            }
        }
        guard confidence != nil || !trustLabels else { throw ValidationError("--trust-labels needs --confidence.") }
        switch (try parsedTarget(), labels) {
        case (.quantile, .some):
            throw ValidationError(
                "--target background-quantile uses no labels: remove --labels, or choose another target."
            )
        case (.quantile, nil), (_, .some):
            break
        case (let target, nil):
            throw ValidationError(
                "--target \(target.text) needs --labels. Without labels, use --target background-quantile=0.99."
            )
        }
    }

    func run() async throws {
        let text = try CategoryFile.text(FileBytes.read(categories, allowsStreams: true), name: categories)
        let file = try CategoryFile(text: text, name: categories)
        let store = try ParquetStore(path: embeddings)
        let (report, newText): (String, String)
        if let labels {
            let images = try LabelledEmbeddings(readFrom: labels, file, in: store, skippingMissing: skipMissing)
            let result = try await calibrate(file, images, store)
            newText = try result.applied(
                to: text,
                name: categories,
                calibratedOn: try ImageLabels.digest(of: labels)
            )
            report = CalibrationText.report(
                result,
                images: images,
                bootstrap: intervals.bootstrap,
                promise: try promise(),
                histograms: histograms
            )
            if confidence == nil { warnOfLearning(file) }
        } else {
            guard case .quantile(let quantile) = try parsedTarget() else { preconditionFailure("validated") }
            let scores = try BackgroundScores(store, classifier: await classifier(file, for: store))
            let result = try scores.calibrate(quantile: quantile)
            newText = try result.applied(to: text, name: categories)
            report = CalibrationText.report(
                scores,
                thresholds: result.categories.map(\.threshold),
                neutralMargin: file.neutralMargin
            )
        }
        // Before anything is printed, since whoever reads it may have gone.
        try OutputFile.write(newText, to: output)
        try Terminal.print(report)
        try Terminal.print("\nNew category file: \(output)\nNext: \(nextCommand(file))")
    }

    private func nextCommand(_ file: CategoryFile) -> String {
        let options =
            [("--categories", output)] + scoring.options(for: file, labels: labels) + [("--output", "results.parquet")]
        return NextCommand("classify", [embeddings], options).text
    }

    /// Scores with the file's rules, whichever model its thresholds belong to: they are about to be replaced.
    private func classifier(_ file: CategoryFile, for store: ParquetStore) async throws -> Classifier {
        var file = file
        file.model = nil
        return try await scoring.classifier(file, named: categories, for: store)
    }

    /// Rules that learn from labelled images use those of --exemplars or, without that option, those of --labels.
    private func calibrate(
        _ file: CategoryFile,
        _ images: LabelledEmbeddings,
        _ store: ParquetStore
    ) async throws -> CalibrationResult {
        let calibration = ThresholdCalibration(
            target: try parsedTarget(),
            folds: folds,
            bootstrap: intervals.bootstrap,
            confidence: confidence
        )
        if scoring.exemplars.exemplars != nil {
            let classifier = try await classifier(file, for: store)
            let unseen = try images.unseen(by: scoring.exemplars, of: file)
            let biases = try LabelCheck.biases(unseen, in: store, seed: intervals.seed, classifier: classifier)
            try check(unseen, file, biases: biases)
            return try await calibration.calibrate(
                unseen,
                modelIdentity: store.provenance.modelIdentity,
                neutralMargin: confidence == nil ? file.chosenMargin : file.neutralMargin,
                learns: false,
                collection: { try CollectionScores(store, classifier: classifier, neutralMargin: $0) },
                score: { try classifier.score($1.embeddings) }
            )
        }
        let bundle = try scoring.model.bundle(for: store)
        let embedder = try bundle.textEmbedder(on: scoring.model.engine(for: bundle))
        let biases = try await LabelCheck.biases(images, of: file, in: store, seed: intervals.seed, embedder: embedder)
        try check(images, file, biases: biases)
        return try await calibration.calibrate(file, images, store: store, embedder: embedder)
    }

    /// Thresholds of rules that learn from the same labels are fitted to scores of rules that learned from fewer.
    private func warnOfLearning(_ file: CategoryFile) {
        let names = file.categories.filter { file.rule(of: $0).learnsFromImages }.map { "'\(Text.printable($0.name))'" }
        guard scoring.exemplars.exemplars == nil, !names.isEmpty else { return }
        Terminal.printError(
            "warning: the thresholds of \(names.joined(separator: ", ")) were fitted to scores of rules that learned from "
                + "\(folds - 1)/\(folds) of the labels, and the rules that learn from all labels score differently. With few "
                + "labels, use more --folds, or learn from some labels (--exemplars) and calibrate with others."
        )
    }

    func parsedTarget() throws -> CalibrationTarget {
        do {
            return try CalibrationTarget(target)
        } catch let error as CLIPError {
            throw ValidationError(error.message)
        }
    }
}
