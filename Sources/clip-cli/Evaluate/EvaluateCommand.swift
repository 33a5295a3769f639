internal import ArgumentParser
internal import CLIPCore
internal import CLIPEvaluation

struct EvaluateCommand: AsyncParsableCommand, FileWriting {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Measure precision, recall, F1 and average precision of each category against labels.",
        discussion: """
            Decides as 'classify' does and compares the decisions with the labels; like 'classify', it accepts scores in a \
            .parquet file in place of a store. Pairs of image and category without a \
            label are not counted, nor are images that the category's rule learned from. Prints a confusion matrix for each \
            group of the rule 'softmax'. Brackets show 95 % confidence intervals.

            Labels with a probability (see 'sample') count as often as their images stand for others of the collection. \
            Metrics are then estimates for the whole store by a model of its scores; curves, matrices and the columns \
            weighted_… are weighted counts and ratios.

            On labels that the thresholds were fitted to, metrics are too optimistic, unless the labels were drawn (see \
            'sample'): use those that 'calibrate' prints.
            """
    )

    @OptionGroup var labelled: LabelOptions
    @OptionGroup var scoring: ScoringOptions
    @OptionGroup var intervals: IntervalOptions

    @Option(help: ArgumentHelp("CSV file for the metrics.", valueName: "file"))
    var output: String?

    @Option(help: ArgumentHelp("CSV file for the precision-recall curves.", valueName: "file"))
    var curves: String?

    @Flag(
        help:
            "Treat all categories as mutually exclusive: print one confusion matrix, in which an image is assigned the matching category whose score is furthest above its threshold."
    )
    var exclusive = false

    @Option(help: ArgumentHelp("CSV file for the confusion matrices.", valueName: "file"))
    var confusion: String?

    @OptionGroup var overwriting: OverwriteOption

    var outputs: [Output] {
        [.csv("--output", output), .csv("--curves", curves), .csv("--confusion", confusion)]
    }
    var inputs: [String?] { labelled.files + scoring.files }

    func run() async throws {
        let file = try CategoryFile(contentsOf: labelled.categories)
        if confusion != nil, !exclusive, file.exclusiveGroups.isEmpty {
            throw ValidationError(
                "--confusion needs mutually exclusive categories: a group of the rule 'softmax', or --exclusive."
            )
        }
        let source = try await DecisionSource(
            labelled.embeddings,
            file,
            named: labelled.categories,
            scoring,
            parts: [],
            leavesOutExemplars: true
        )
        let (found, decisions, all) = try labelled.decisions(file, from: source)
        let images = try found.unseen(by: scoring.exemplars, of: file)
        let isFitted = try file.calibratedOn != nil && file.calibratedOn == labelled.digest
        if isFitted { warnOfFitting(images) }

        let matrices = try matrices(images, decisions, file)
        let collection = CollectionScores.areOfUse(for: images) ? all : nil
        let bootstrap = intervals.bootstrap
        let evaluation: Evaluation
        if let collection {
            let evaluated = CollectionEvaluation(
                images,
                decisions: decisions,
                collection: collection,
                isFitted: isFitted,
                bootstrap: bootstrap
            )
            for warning in EvaluationText.warnings(evaluated, images, in: collection, seed: intervals.seed) {
                Terminal.printError("warning: \(warning)")
            }
            evaluation = evaluated.evaluation
        } else {
            evaluation = Evaluation(images, decisions: decisions, bootstrap: bootstrap)
        }
        // Before anything is printed, since whoever reads it may have gone.
        try CSVFile.close(
            [
                output.map { try evaluation.csvFile($0) },
                curves.map { try PrecisionRecallCurve.csvFile(images, decisions: decisions, $0) },
                confusion.map { try ConfusionMatrix.csvFile(matrices, $0) },
            ].compactMap(\.self)
        )

        try Terminal.print(EvaluationText.table(evaluation))
        let isDrawn = images.categories.indices.contains(where: images.isDrawn)
        try Terminal.print(
            EvaluationText.notes(evaluation, imageCount: images.count, isDrawn: isDrawn, bootstrap)
        )
        for matrix in matrices { try Terminal.print("\n" + EvaluationText.table(matrix)) }
        let files = [output, curves, confusion].compactMap(\.self)
        if !files.isEmpty { try Terminal.print("Output: \(files.joined(separator: ", "))") }
    }

    /// The matrix of all categories, or one for each group of the rule `softmax`.
    ///
    /// A group with an image of two categories has none, and a warning says so unless the matrices were asked for.
    private func matrices(
        _ images: LabelledEmbeddings,
        _ decisions: Decisions,
        _ file: CategoryFile
    ) throws -> [ConfusionMatrix] {
        if exclusive { return [try ConfusionMatrix(images, decisions: decisions, allOf: file)] }
        return try file.exclusiveGroups.compactMap { group in
            do {
                return try ConfusionMatrix(images, decisions: decisions, group: group)
            } catch let error as CLIPError where error.code == .invalidLabels && confusion == nil {
                Terminal.printError("warning: no confusion matrix: \(Text.printable(error.message))")
                return nil
            }
        }
    }

    /// Warns of metrics of labels that the thresholds were fitted to.
    ///
    /// Those of drawn labels are not too optimistic, since the model of the scores is smooth.
    private func warnOfFitting(_ images: LabelledEmbeddings) {
        let isAllDrawn = images.categories.indices.allSatisfy { category in
            images.isDrawn(category: category) || images.truth(category: category).allSatisfy { $0 == nil }
        }
        let what = "the thresholds of \(Text.printable(labelled.categories)) were fitted to these labels"
        let text =
            isAllDrawn
            ? "note: \(what). All of these were drawn, so the metrics are not too optimistic."
            : "warning: \(what), so the metrics are too optimistic. 'calibrate' prints metrics without that optimism."
        Terminal.printError(text)
    }
}
