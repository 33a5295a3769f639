internal import ArgumentParser
internal import CLIPArrow
internal import CLIPCore
internal import CLIPEvaluation
internal import CLIPPipeline
internal import CLIPReport

struct SampleCommand: AsyncParsableCommand, FileWriting {
    static let configuration = CommandConfiguration(
        commandName: "sample",
        abstract: "Draw images to label, so that few labels suffice to measure the decisions.",
        discussion: """
            Draws images with known probabilities, mostly the informative ones, and writes a labels file in which the \
            column label is empty. Fill it in (1, 0 or unsure) with any tool, or label on the page that --report writes and \
            save the labels there: the browser downloads a file of the same name. Then pass the file to 'evaluate' and \
            'calibrate', or to 'sample --labels' for another round, which draws other images. Several small rounds need \
            fewer labels than a large one.
            """
    )

    @Argument(help: ArgumentHelp("Store: the folder that 'embed' wrote.", valueName: "store"))
    var embeddings: String

    @Option(help: ArgumentHelp("Category file, YAML or JSON.", valueName: "file"))
    var categories: String

    @Option(help: ArgumentHelp("Number of images to draw for each category.", valueName: "n"))
    var perCategory = 100

    @Option(help: ArgumentHelp("Labels file to write: a CSV file.", valueName: "file"))
    var output: String

    @Option(help: ArgumentHelp("Labels file of earlier rounds; the new file contains its rows.", valueName: "file"))
    var labels: String?

    @Option(
        help: ArgumentHelp(
            "Metric to estimate as precisely as possible: f1, precision, recall or prevalence (default: f1).",
            valueName: "measure"
        ),
        transform: SampledMeasure.named
    )
    var measure = SampledMeasure.f1

    @Option(help: "Random seed (default: 0); keep it for later rounds.", transform: Seed.value)
    var seed: UInt64 = 0

    @Option(help: ArgumentHelp("HTML page for labelling the images.", valueName: "file"))
    var report: String?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("The images for the page, if they have moved: sources as for 'embed'.", valueName: "source")
    )
    var images: [String] = []

    @OptionGroup(title: "Images") var reading: ReadingOptions
    @OptionGroup(title: "Images") var limits: DecodingLimits
    @OptionGroup var scoring: ScoringOptions
    @OptionGroup var overwriting: OverwriteOption

    var outputs: [Output] { [.csv("--output", output), .file("--report", report)] }
    var inputs: [String?] { [embeddings, categories, labels] + images + reading.filesFrom + scoring.files }

    func validate() throws {
        guard 1...100_000 ~= perCategory else { throw ValidationError("--per-category must be from 1 to 100000.") }
        if let report { try PageName.check(report, option: "--report") }
        guard report != nil || images.isEmpty && reading.isEmpty else {
            throw ValidationError("--images and --files-from are for the page: add --report.")
        }
        if images.isEmpty, reading.isEmpty {
            try reading.requireNoneWithoutSources("Pass the sources with --images, and add --report.")
        }
    }

    func run() async throws {
        let file = try CategoryFile(contentsOf: categories)
        let store = try ParquetStore(path: embeddings)
        let earlier = try labels.map { try ImageLabels(contentsOf: $0) }
        let classifier = try await scoring.classifier(file, named: categories, for: store)
        let scores = try CollectionScores(store, classifier: classifier)
        let sample = try LabelSampler(measure: measure, seed: seed).draw(perCategory, from: scores, earlier: earlier)
        let page = report == nil ? nil : try await labellingPage(sample, file)
        let formulas = FormulaCells()
        try sample.write(to: output, written: formulas.written)
        if let report { try page?.page.write(to: report) }
        try Terminal.print(SampleText.summary(sample, measure: measure, imageCount: scores.count))
        try Terminal.print("Labels file: \(output)")
        if let report { try Terminal.print("Page for labelling: \(report)") }
        if let note = page?.missingNote { try Terminal.print(note) }
        try Terminal.print("Next: \(report == nil ? "label the images, then run" : savingStep): \(nextCommand(file))")
        formulas.warn(about: output, advice: "Import it there as text, or label on the page that --report writes.")
    }

    private func nextCommand(_ file: CategoryFile) -> String {
        let options = [("--categories", categories), ("--labels", output)] + scoring.options(for: file)
        return NextCommand("evaluate", [embeddings], options).text
    }

    private var fileName: String { output.split(separator: "/").last.map(String.init) ?? output }

    private var savingStep: String {
        "label the images on the page, save the labels, and pass the downloaded file, \(fileName), to"
    }

    private func labellingPage(
        _ sample: LabelSample,
        _ file: CategoryFile
    ) async throws -> (page: LabellingPage, missingNote: String?) {
        let ids = sample.imageIDs
        var search = PictureSearch(ids: ids, http: reading.remote.http, limits: limits, longSide: 640)
        let pictures = try await search.pictures(
            given: images.isEmpty && reading.isEmpty ? nil : reading.record(sources: images),
            sources: StoreInfo(path: embeddings).sources,
            store: embeddings,
            isFromStore: true
        )
        let rows = Dictionary(grouping: sample.rows) { ImageIDKey($0.id) }
        let tasks = rows.mapValues { $0.map(LabellingPage.Task.init) }
        let page = LabellingPage(
            title: fileName,
            identity: "\(try LabelStorageKey.text(of: embeddings)) \(fileName)",
            categories: zip(sample.categories, file.categories).map { drawn, category in
                LabellingPage.Category(
                    name: drawn.name,
                    positive: category.positive,
                    negative: category.negative,
                    cells: drawn.strata.map { LabellingPage.Cell(size: $0.size, isMatch: $0.isMatch) }
                )
            },
            items: ids.map { LabellingPage.Item(id: $0, tasks: tasks[ImageIDKey($0)] ?? []) },
            pictures: pictures,
            seed: seed
        )
        return (page, search.missingNote)
    }
}

extension SampledMeasure {
    fileprivate static func named(_ text: String) throws -> SampledMeasure {
        guard let measure = SampledMeasure(rawValue: text) else {
            throw ValidationError("--measure must be f1, precision, recall or prevalence, not '\(text)'.")
        }
        return measure
    }
}

extension LabellingPage.Task {
    fileprivate init(_ row: LabelSample.Row) {
        self.init(
            category: row.category,
            probability: row.probability,
            round: row.round,
            cell: row.stratum,
            label: row.answer == .missing ? nil : row.answer.text
        )
    }
}
