internal import ArgumentParser
internal import CLIPArrow
internal import CLIPCore
internal import CLIPEvaluation
internal import CLIPTorch

struct CalibrateCommand: AsyncParsableCommand, OutputWriting {
    static let configuration = CommandConfiguration(
        commandName: "calibrate",
        abstract: "Fit thresholds and the neutral margin to labelled images, and write a new category file.",
        discussion: """
            With labels: finds each category's threshold, and one neutral margin, for the target, and prints how good they \
            are on images that were held out. Without labels, '--target quantile=0.99' puts each threshold where 99 of 100 \
            stored images that are nearest to the neutral descriptions stay below it.

            The new file is the old one with other numbers; comments and order stay. It belongs to the model.
            """
    )

    @Argument(help: ArgumentHelp("Folder that 'embed' wrote.", valueName: "embeddings"))
    var embeddings: String

    @Option(help: ArgumentHelp("Category file, YAML or JSON.", valueName: "file"))
    var categories: String

    @Option(help: ArgumentHelp("f1, precision=0.95, recall=0.9, or without labels quantile=0.99.", valueName: "target"))
    var target: String

    @Option(help: ArgumentHelp("The new category file.", valueName: "file"))
    var output: String

    @Option(
        help: ArgumentHelp(
            "CSV, TSV or Parquet file with the columns id, category and label (1 or 0).",
            discussion: "Without the column label, each image belongs to the categories named for it and to no other.",
            valueName: "file"
        )
    )
    var labels: String?

    @Flag(help: "Leave out labels of images that are not in the store.")
    var skipMissing = false

    @Option(help: "Parts that the labelled images are divided into; each is held out once.")
    var folds = 5

    @Flag(help: "Draw the scores of each category, labelled images only; always done without labels.")
    var histograms = false

    @OptionGroup var intervals: IntervalOptions
    @OptionGroup var scoring: ScoringOptions

    var outputs: [Output] { [.file("--output", output)] }
    /// The category file may be replaced by the new one.
    var inputs: [String?] { [embeddings, labels] + scoring.files }

    func validate() throws {
        guard 3...20 ~= folds else { throw ValidationError("--folds must be from 3 to 20.") }
        switch (try parsedTarget(), labels) {
        case (.quantile, .some):
            throw ValidationError("--target quantile is for collections without labels; leave out --labels.")
        case (.quantile, nil), (_, .some):
            break
        case (let target, nil):
            throw ValidationError("--target \(target) needs --labels. Without labels use --target quantile=0.99.")
        }
    }

    func run() async throws {
        let text = try CategoryFile.text(FileBytes.read(categories, allowsStreams: true), name: categories)
        let file = try CategoryFile(text: text, name: categories)
        let store = try ParquetEmbeddings(path: embeddings)
        var edit = CategoryFileEdit()
        edit.model = store.provenance.modelIdentity
        let report: String
        if let labels {
            let images = try LabelledEmbeddings(readFrom: labels, file, in: store, skippingMissing: skipMissing)
            let result = try await calibrate(file, images, store)
            for category in result.categories { edit.thresholds[category.name] = category.threshold }
            edit.neutralMargin = result.neutralMargin
            report = CalibrationText.report(
                result,
                images: images,
                bootstrap: intervals.bootstrap,
                histograms: histograms
            )
        } else {
            guard case .quantile(let quantile) = try parsedTarget() else { preconditionFailure("validated") }
            try requireMargin(of: file, for: store)
            let scores = try BackgroundScores(store, classifier: await classifier(file, for: store))
            let thresholds = try scores.thresholds(quantile: quantile)
            for (category, threshold) in zip(scores.categories, thresholds) { edit.thresholds[category] = threshold }
            report = CalibrationText.report(scores, thresholds: thresholds, neutralMargin: file.neutralMargin)
        }
        let newText = try edit.applied(to: text, name: categories)
        try Terminal.print(report)
        let writer = try OutputFile(path: output)
        try writer.write(newText)
        try writer.close()
        try Terminal.print("\nNew category file: \(output)\nNext: \(nextCommand(file))")
    }

    /// Quantiles leave the neutral margin as it is, which must not be another model's.
    private func requireMargin(of file: CategoryFile, for store: ParquetEmbeddings) throws {
        guard let model = file.model, model != store.provenance.modelIdentity, !file.neutral.isEmpty else { return }
        throw CLIPError(
            .modelMismatch,
            "\(categories): the neutral_margin \(file.neutralMargin) was made for another model, and quantiles leave it as it "
                + "is. Set one for \(store.provenance.modelName) and remove 'model', or calibrate with labels."
        )
    }

    private func nextCommand(_ file: CategoryFile) -> String {
        let learns = file.categories.contains { file.rule(of: $0).learnsFromImages }
        let options: [(name: String, value: String?)] = [
            ("--categories", output), ("--exemplars", learns ? scoring.exemplars.exemplars ?? labels : nil),
            ("--exemplar-store", learns ? scoring.exemplars.exemplarStore : nil),
            ("--model", scoring.model.model == ModelLibrary.defaultName ? nil : scoring.model.model),
            ("--output", "results.csv"),
        ]
        let words = [embeddings] + options.flatMap { name, value in value.map { [name, $0] } ?? [] }
        return "clip-cli classify \(words.map(\.shellWord).joined(separator: " "))"
    }

    /// Scores by the file's rules, whichever model its numbers are of: they are about to be replaced.
    private func classifier(_ file: CategoryFile, for store: ParquetEmbeddings) async throws -> Classifier {
        var file = file
        file.model = nil
        return try await scoring.classifier(file, named: categories, for: store)
    }

    /// Rules that learn from labelled images learn from those of --exemplars, or else from those of --labels.
    private func calibrate(
        _ file: CategoryFile,
        _ images: LabelledEmbeddings,
        _ store: ParquetEmbeddings
    ) async throws -> CalibrationResult {
        let calibration = ThresholdCalibration(
            target: try parsedTarget(),
            folds: folds,
            bootstrap: intervals.bootstrap
        )
        if scoring.exemplars.exemplars != nil {
            let classifier = try await classifier(file, for: store)
            let unseen = try images.unseen(by: scoring.exemplars, of: file)
            return try await calibration.calibrate(unseen, neutralMargin: file.chosenMargin) { _, images in
                try classifier.score(images.embeddings)
            }
        }
        let bundle = try scoring.model.bundle(for: store)
        let embedder = try bundle.textEmbedder(device: scoring.model.torchDevice())
        return try await calibration.calibrate(file, images, embedder: embedder)
    }

    private func parsedTarget() throws -> CalibrationTarget {
        do {
            return try CalibrationTarget(target)
        } catch let error as CLIPError {
            throw ValidationError(error.message)
        }
    }
}

extension String {
    /// The text as a shell takes it for one word.
    fileprivate var shellWord: String {
        let isPlain = unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || "0123456789_-./:=@%+,".unicodeScalars.contains(scalar)
        }
        guard !isPlain || isEmpty else { return self }
        return "'\(unicodeScalars.map { $0 == "'" ? #"'\''"# : String($0) }.joined())'"
    }
}
