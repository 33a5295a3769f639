internal import ArgumentParser
internal import CLIPArrow
internal import CLIPCore
internal import CLIPEvaluation

struct EvaluateCommand: AsyncParsableCommand, OutputWriting {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Measure decisions by labels: precision, recall, F1 and average precision of each category.",
        discussion: """
            Decides as 'classify' does and compares with the labels. Images and categories without a label do not count; nor do \
            images for a rule that learned from them. For each group of the rule 'softmax' a matrix says which category \
            is taken for which. Intervals hold the figure of other images of the same kind in 95 of 100 cases.
            """
    )

    @OptionGroup var labelled: LabelOptions
    @OptionGroup var scoring: ScoringOptions
    @OptionGroup var intervals: IntervalOptions

    @Option(help: ArgumentHelp("Write the figures to this CSV file.", valueName: "file"))
    var output: String?

    @Option(help: ArgumentHelp("Write the precision-recall curves to this CSV file.", valueName: "file"))
    var curves: String?

    @Flag(help: "All categories of the file exclude each other: make one matrix of them instead of one for each group.")
    var exclusive = false

    @Option(help: ArgumentHelp("Write the confusion matrices to this CSV file.", valueName: "file"))
    var confusion: String?

    var outputs: [Output] {
        [.csv("--output", output), .csv("--curves", curves), .csv("--confusion", confusion)]
    }
    var inputs: [String?] { labelled.files + scoring.files }

    func run() async throws {
        let file = try CategoryFile(contentsOf: labelled.categories)
        let groups: [CategoryFile.ExclusiveGroup?] = exclusive ? [nil] : file.exclusiveGroups
        if confusion != nil, groups.isEmpty {
            throw ValidationError(
                "--confusion needs categories that exclude each other: those of a group of the rule 'softmax', or all "
                    + "with --exclusive."
            )
        }
        let store = try ParquetEmbeddings(path: labelled.embeddings)
        let classifier = try await scoring.classifier(file, named: labelled.categories, for: store)
        let images = try labelled.images(file, in: store).unseen(by: scoring.exemplars, of: file)
        let decisions = try classifier.classify(images.embeddings)

        let evaluation = Evaluation(images, decisions: decisions, bootstrap: intervals.bootstrap)
        try Terminal.print(EvaluationText.table(evaluation))
        try Terminal.print(EvaluationText.notes(evaluation, imageCount: images.count, intervals.bootstrap))
        let matrices = try groups.map { try ConfusionMatrix(images, decisions: decisions, group: $0) }
        for matrix in matrices { try Terminal.print("\n" + EvaluationText.table(matrix)) }

        try CSVFile.close(
            [
                output.map { try evaluation.csvFile($0) },
                curves.map { try PrecisionRecallCurve.csvFile(images, decisions: decisions, $0) },
                confusion.map { try ConfusionMatrix.csvFile(matrices, $0) },
            ].compactMap(\.self)
        )
        let files = [output, curves, confusion].compactMap(\.self)
        if !files.isEmpty { try Terminal.print("Written: \(files.joined(separator: ", "))") }
    }
}
