internal import ArgumentParser
internal import CLIPArrow
internal import CLIPCore

struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Measure decisions by labels: precision, recall, F1 and average precision of each category.",
        discussion: """
            Decides as 'classify' does and compares with the labels. Images and categories without a label do not count; nor do \
            images for a rule that learned from them. Intervals hold the figure of other images of the same kind in 95 of 100 cases.
            """
    )

    @OptionGroup var labelled: LabelOptions
    @OptionGroup var scoring: ScoringOptions
    @OptionGroup var intervals: BootstrapOptions

    @Option(help: ArgumentHelp("Write the figures to this CSV file.", valueName: "file"))
    var output: String?

    @Option(help: ArgumentHelp("Write the precision-recall curves to this CSV file.", valueName: "file"))
    var curves: String?

    @Flag(help: "The categories exclude each other: also count which one is taken for which.")
    var exclusive = false

    @Option(help: ArgumentHelp("Write the confusion matrix to this CSV file; with --exclusive.", valueName: "file"))
    var confusion: String?

    func validate() throws {
        if confusion != nil, !exclusive {
            throw ValidationError("--confusion needs --exclusive: only then does an image have one category.")
        }
    }

    func run() async throws {
        let file = try CategoryFile(contentsOf: labelled.categories)
        let store = try ParquetEmbeddings(path: labelled.embeddings)
        let classifier = try await scoring.classifier(file, for: store)
        let learned = try scoring.exemplars.ids(in: store)
        let images = try labelled.images(file, in: store).forgetting(learned, of: file)
        let decisions = try classifier.classify(images.embeddings)

        let matrix = exclusive ? try ConfusionMatrix(images, decisions: decisions) : nil
        let evaluation = Evaluation(images, decisions: decisions, bootstrap: intervals.bootstrap)
        try output.map { try evaluation.writeCSV(to: $0) }
        try curves.map { try PrecisionRecallCurve.writeCSV(images, decisions: decisions, to: $0) }
        if let matrix, let confusion { try matrix.writeCSV(to: confusion) }
        try Terminal.print(EvaluationText.table(evaluation))
        try Terminal.print(EvaluationText.notes(evaluation, imageCount: images.count, intervals.bootstrap))
        if let matrix { try Terminal.print("\n" + EvaluationText.table(matrix)) }
        let files = [output, curves, confusion].compactMap(\.self)
        if !files.isEmpty { try Terminal.print("Written: \(files.joined(separator: ", "))") }
    }
}
