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

            With --compare, the page also shows which images each category gained and lost since earlier results.

            The images are read from where 'embed' found them. If they have moved, pass the sources with --images, as you did to 'embed'.
            """
    )

    @OptionGroup var store: StoreArgument

    @Option(help: ArgumentHelp("Results: a .parquet file that 'classify' or 'score' wrote.", valueName: "file"))
    var results: String

    @Option(
        help: ArgumentHelp(
            "Earlier results of the same store: a .parquet file that 'classify' or 'score' wrote. The page shows what has changed since.",
            valueName: "file"
        )
    )
    var compare: String?

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
    @OptionGroup(title: "Images") var limits: DecodingLimits

    func validate() throws {
        guard results.lowercased().hasSuffix(".parquet") else {
            throw ValidationError(
                "--results must be a .parquet file: run 'classify' with --output results.parquet."
            )
        }
        guard compare.map({ $0.lowercased().hasSuffix(".parquet") }) ?? true else {
            throw ValidationError(
                "--compare must be a .parquet file: earlier results, which 'classify' wrote with --output results.parquet."
            )
        }
        try PageName.check(output, option: "--output")
        guard perCategory.map({ 1...10_000 ~= $0 }) ?? true else {
            throw ValidationError("--per-category must be from 1 to 10000.")
        }
        guard 64...2048 ~= pictureSize else { throw ValidationError("--picture-size must be from 64 to 2048.") }
        if images.isEmpty, reading.isEmpty { try reading.requireNoneWithoutSources("Pass the sources with --images.") }
    }

    @OptionGroup var overwriting: OverwriteOption

    var outputs: [Output] { [.file("--output", output)] }
    var inputs: [String?] { [store.embeddings, results, compare] + images + reading.filesFrom }

    func run() async throws {
        let info = try StoreInfo(path: store.embeddings)
        let file = try openResults(results, of: info, advice: "Pass the store that the results come from.")
        let comparison = try compare.map { path in
            let earlier = try openResults(path, of: info, advice: "Compare results of the same model.")
            return try RunComparison(from: .init(earlier), to: .init(file), options: sampling)
        }
        let sample = try sample(file, including: comparison)
        let coverage = try ResultCoverage(of: ParquetStore(path: store.embeddings), by: file)
        var search = PictureSearch(
            ids: sample.images.map(\.id),
            http: reading.remote.http,
            limits: limits,
            longSide: pictureSize
        )
        let pictures = try await search.pictures(
            given: images.isEmpty && reading.isEmpty ? nil : reading.record(sources: images),
            sources: info.sources,
            store: store.embeddings,
            isFromStore: coverage.sharedCount > 0
        )
        let report = HTMLReport(
            title: results.split(separator: "/").last.map(String.init) ?? results,
            identity: try LabelStorageKey.text(of: store.embeddings),
            facts: facts(info, file, coverage),
            sample: sample,
            failures: try FailureSample(store: store.embeddings),
            pictures: pictures,
            similar: try similarImages(sample),
            comparison: comparison
        )
        try report.write(to: output)
        try Terminal.print("\(sample.images.count) of \(sample.imageCount) images shown")
        if let note = search.missingNote { try Terminal.print(note) }
        if let comparison { try Terminal.print(comparison.summary) }
        try Terminal.print("Report: \(output)")
        guard coverage.isIncomplete else { return }
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

    private func openResults(_ path: String, of info: StoreInfo, advice: String) throws -> ParquetResults {
        let file: ParquetResults
        do {
            file = try ParquetResults(path: path)
        } catch let error as CLIPError where error.code == .notFound {
            throw error.advising("Run 'clip-cli classify' first.")
        }
        guard file.provenance.modelIdentity == info.provenance.modelIdentity else {
            throw CLIPError(
                .modelMismatch,
                "\(path) was made with the model \(file.provenance.modelName), and \(store.embeddings) with "
                    + "\(info.provenance.modelName). \(advice)"
            )
        }
        return file
    }

    private var sampling: ReportSample.Options {
        var options = ReportSample.Options()
        options.perCategory = perCategory
        options.seed = seed
        return options
    }

    private func sample(_ file: ParquetResults, including comparison: RunComparison?) throws -> ReportSample {
        try ReportSample(
            file.definitions,
            neutralMargin: file.schema.neutralMargin,
            options: sampling,
            including: comparison?.changes.map { (id: $0.id, category: $0.earlier.category) } ?? []
        ) { body in
            try file.forEachDecision(rows: 4096) { try body($0.map(\.id), $0) }
        }
    }

    private func run(_ info: StoreInfo) -> String {
        guard !info.isSinglePart else { return "unknown: this is one part of a store" }
        return info.isComplete ? "complete" : "interrupted: not all images were embedded"
    }

    private func facts(
        _ info: StoreInfo,
        _ file: ParquetResults,
        _ coverage: ResultCoverage
    ) -> [(name: String, value: String)] {
        var facts = [("Results", results)]
        if let compare { facts.append(("Compared with", compare)) }
        if coverage.isIncomplete {
            facts.append(("Not in the results", "\(Text.count(coverage.missingCount, "image")) of the store"))
        }
        return facts + [
            ("Category file", file.schema.categoryFile ?? "not recorded"),
            ("Neutral margin", "\(file.schema.neutralMargin)"), ("Store", store.embeddings),
            ("Model", info.provenance.modelName),
            ("Preprocessing", info.provenance.preprocessing),
            ("Run", run(info)),
            ("Written", Date.now.formatted(.iso8601.year().month().day())),
            ("Written by", "swift-openclip \(LibraryVersion.current)"),
        ]
    }
}
