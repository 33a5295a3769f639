internal import ArgumentParser
internal import CLIPArrow
internal import CLIPCore
internal import CLIPImage
internal import CLIPReport

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

struct ReportCommand: AsyncParsableCommand, FileWriting {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write a self-contained HTML page for reviewing and labelling results.",
        discussion: """
            Shows images around each category's threshold, score histograms, failed images and images that match no category. On the page, label images and save the labels as a file for 'evaluate'. The images are chosen by their scores: for metrics and thresholds, draw images with 'sample'.

            The images are read from where 'embed' found them. If they have moved, pass the sources with --images, as you did to 'embed'.
            """
    )

    @OptionGroup var store: StoreArgument

    @Option(help: ArgumentHelp("Results: a .parquet file that 'classify' or 'score' wrote.", valueName: "file"))
    var results: String

    @Option(help: ArgumentHelp("Output .html file.", valueName: "file"))
    var output: String

    @Option(
        help: ArgumentHelp("Images per category (default: 60, fewer if there are many categories).", valueName: "n")
    )
    var perCategory: Int?

    @Option(help: "Random seed of the samples (default: 0).", transform: Seed.value)
    var seed: UInt64 = 0

    @Option(help: ArgumentHelp("Longer side of the pictures in pixels, from 64 to 2048.", valueName: "n"))
    var pictureSize = 320

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "The images, if they have moved: sources as for 'embed'.",
            valueName: "source"
        )
    )
    var images: [String] = []

    @OptionGroup(title: "Images") var reading: ReadingOptions

    func validate() throws {
        guard results.lowercased().hasSuffix(".parquet") else {
            throw ValidationError(
                "--results must be a .parquet file: run 'classify' with --output results.parquet."
            )
        }
        try PageName.check(output, option: "--output")
        guard perCategory.map({ 1...10_000 ~= $0 }) ?? true else {
            throw ValidationError("--per-category must be from 1 to 10000.")
        }
        guard 64...2048 ~= pictureSize else { throw ValidationError("--picture-size must be from 64 to 2048.") }
    }

    @OptionGroup var overwriting: OverwriteOption

    var outputs: [Output] { [.file("--output", output)] }
    var inputs: [String?] { [store.embeddings, results] + images + reading.filesFrom }

    func run() async throws {
        let info = try StoreInfo(path: store.embeddings)
        let file = try openResults()
        guard file.provenance.modelIdentity == info.provenance.modelIdentity else {
            throw CLIPError(
                .modelMismatch,
                "\(results) was made with the model \(file.provenance.modelName), and \(store.embeddings) with "
                    + "\(info.provenance.modelName). Pass the store that the results come from."
            )
        }
        let sample = try sample(file)
        let coverage = try ResultCoverage(of: ParquetStore(path: store.embeddings), by: file)
        var search = PictureSearch(ids: sample.images.map(\.id), http: reading.http, longSide: pictureSize)
        let pictures = try await search.pictures(
            given: images.isEmpty && reading.isEmpty ? nil : reading.record(sources: images),
            sources: info.sources,
            store: store.embeddings,
            isFromStore: coverage.sharedCount > 0
        )
        let report = HTMLReport(
            title: results.split(separator: "/").last.map(String.init) ?? results,
            identity: try LabelStorageKey.text(of: store.embeddings),
            facts: facts(info, file),
            sample: sample,
            failures: try FailureSample(store: store.embeddings),
            pictures: pictures,
            similar: try similarImages(sample)
        )
        try report.write(to: output)
        try Terminal.print("\(sample.images.count) of \(sample.imageCount) images shown")
        if let note = search.missingNote { try Terminal.print(note) }
        try Terminal.print("Report: \(output)")
        guard coverage.sharedCount > 0, coverage.missingCount > 0 else { return }
        let images = "\(Text.count(coverage.missingCount, "image")) of the store \(store.embeddings)"
        let verb = coverage.missingCount == 1 ? "is" : "are"
        Terminal.printError(
            "warning: \(Text.printable(images)) \(verb) not in the results. Run 'clip-cli classify' again to include "
                + "\(coverage.missingCount == 1 ? "it" : "them")."
        )
    }

    private func similarImages(_ sample: ReportSample) throws -> [[Int]] {
        let vectors = try ParquetStore(path: store.embeddings).vectors(for: sample.images.map(\.id))
        return SimilarImages(vectors: vectors, count: 6).positions
    }

    private func openResults() throws -> ParquetResults {
        do {
            return try ParquetResults(path: results)
        } catch let error as CLIPError where error.code == .notFound {
            throw error.advising("Run 'clip-cli classify' first.")
        }
    }

    private func sample(_ file: ParquetResults) throws -> ReportSample {
        var options = ReportSample.Options()
        options.perCategory = perCategory
        options.seed = seed
        let definitions = file.schema.categories.map {
            ReportSample.Definition(
                name: $0.name,
                threshold: $0.threshold,
                rule: $0.definition.rule,
                positive: $0.definition.positive,
                negative: $0.definition.negative
            )
        }
        return try ReportSample(definitions, neutralMargin: file.schema.neutralMargin, options: options) { body in
            try file.forEachDecision(rows: 4096) { try body($0.map(\.id), $0) }
        }
    }

    private func facts(_ info: StoreInfo, _ file: ParquetResults) -> [(name: String, value: String)] {
        [
            ("Results", results), ("Category file", file.schema.categoryFile ?? "not recorded"),
            ("Neutral margin", "\(file.schema.neutralMargin)"), ("Store", store.embeddings),
            ("Model", info.provenance.modelName),
            ("Preprocessing", info.provenance.preprocessing),
            ("Run", info.isComplete ? "complete" : "interrupted: not all images were embedded"),
            ("Written", Date.now.formatted(.iso8601.year().month().day())),
            ("Written by", "swift-openclip \(LibraryVersion.current)"),
        ]
    }
}
