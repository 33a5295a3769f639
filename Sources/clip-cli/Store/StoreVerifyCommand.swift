internal import ArgumentParser
internal import CLIPArrow
internal import CLIPCore
internal import CLIPModels
internal import CLIPPipeline

struct StoreVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Read all files of a store, then embed a random sample of images again and compare.",
        discussion: """
            Reads every file to its end and compares each page with its checksum. Then embeds the sample again: with --sample 0, needs neither images nor the model.

            The images are read from where 'embed' found them. If they have moved, pass the sources as you did to 'embed', so that ids resolve to the same files. The exit code is 4 if a file is damaged, a vector differs, or an image is missing or fails.
            """
    )

    @OptionGroup var store: StoreArgument
    @OptionGroup(title: "Sources") var source: SourceOptions
    @OptionGroup(title: "Model") var model: ModelOptions
    @OptionGroup(title: "Decoding") var decoding: DecodingOptions

    @Option(help: "Number of images to embed again.")
    var sample = 100

    @Option(help: "Random seed (default: random). A printed seed selects the same images again.", transform: Seed.value)
    var seed: UInt64?

    func validate() throws {
        guard sample >= 0 else { throw ValidationError("--sample must not be negative.") }
        if source.isEmpty { try source.reading.requireNoneWithoutSources("Pass the sources as you did to 'embed'.") }
    }

    func run() async throws {
        try checkFiles()
        guard sample > 0 else { return }
        let embeddings = try ParquetStore(path: store.embeddings, includesOrigins: true)
        let records = try records()
        let found = try model.bundle(of: embeddings.provenance)
        try embeddings.provenance.requireModel(found.model, store: embeddings.name)
        let bundle = try found.running(as: embeddings.provenance)
        let provenance = Provenance(bundle.model, decoder: decoding.decoder())
        // An imported store does not say how EXIF orientation was handled.
        let accepted = [provenance, Provenance(bundle.model)].map(\.preprocessing)
        guard accepted.contains(embeddings.provenance.preprocessing) else {
            throw CLIPError(
                .modelMismatch,
                "\(embeddings.name) was made with '\(embeddings.provenance.preprocessing)', not with "
                    + "'\(provenance.preprocessing)'. Use the same options as for 'embed'."
            )
        }
        let seed = seed ?? .random(in: 0...999_999)
        let check = try await check(
            try embeddings.sample(count: sample, seed: seed),
            against: records,
            mayLackSources: try source.isEmpty && embeddings.sources().mayLackEarlier,
            encoder: try bundle.imageEncoder(on: model.engine(for: bundle))
        )
        let result = check.result
        for finding in result.findings {
            try Terminal.print(Text.printable("\(finding.id): \(finding.text)"))
        }
        let least = result.leastSimilarity.map { ", lowest cosine \(Text.fixed(Double($0), digits: 6))" } ?? ""
        let count = "\(result.equal) of \(check.rows.ids.count)"
        try Terminal.print("\(count) vectors match their images\(least) (seed \(seed))")
        if result.unchecked > 0 {
            try Terminal.print(
                "\(Text.count(result.unchecked, "image")) not found and so not checked: the store no longer records the sources "
                    + "of its first runs, where they may be. \(Self.advice)"
            )
        }
        guard result.findings.isEmpty else { throw ExitStatus.findings }
    }

    private func checkFiles() throws {
        let damaged = try DamagedFile.all(store: store.embeddings)
        for file in damaged {
            try Terminal.print(Text.printable(file.reason))
        }
        guard damaged.isEmpty else {
            let count = Text.count(damaged.count, "damaged file")
            let advice = "'clip-cli store repair \(store.embeddings)' keeps what is sound"
            try Terminal.print(Text.printable("\(count): \(advice)"))
            throw ExitStatus.findings
        }
        try Terminal.print("all files are sound")
    }

    /// The sources to search: those given, or else those that the store records, newest first.
    private func records() throws -> [SourceRecord] {
        guard source.isEmpty else { return [source.record] }
        let records = try StoreInfo(path: store.embeddings).sources.filter { !$0.names.isEmpty }
        guard !records.isEmpty else {
            throw CLIPError(
                .notFound,
                "\(store.embeddings) does not record where its images are (imported, or written by version 0.1). "
                    + Self.advice
            )
        }
        return records.reversed()
    }

    /// Searches the sources one by one.
    ///
    /// A recorded source that no longer exists is skipped.
    private func check(
        _ rows: EmbeddingBlock,
        against records: [SourceRecord],
        mayLackSources: Bool,
        encoder: some ImageEncoder
    ) async throws -> StoreCheck {
        let decoder = decoding.decoder()
        var check = StoreCheck(rows: rows, mayLackSources: mayLackSources)
        var failures = [String]()
        for record in records where !check.isComplete {
            guard !source.isEmpty || !record.lists.contains("-") else {
                failures.append("they were listed on standard input")
                continue
            }
            do {
                try await WorkingDirectory.change(to: record.directory) {
                    try await check.run(
                        source: record.source(
                            http: source.reading.remote.http,
                            maximumFileBytes: decoding.limits.maxBytes
                        ),
                        decoder: decoder,
                        encoder: encoder
                    )
                }
            } catch let error as CLIPError where source.isEmpty && [.notFound, .unreadable].contains(error.code) {
                failures.append("\(record.names) in \(record.directory): \(error)")
            }
        }
        guard failures.count < records.count else {
            throw CLIPError(
                .notFound,
                "The images of \(store.embeddings) are no longer where 'embed' found them "
                    + "(\(failures.joined(separator: "; "))). \(Self.advice)"
            )
        }
        for failure in failures { Terminal.printError("warning: \(Text.printable(failure))") }
        return check
    }

    private static let advice = "Pass the sources as you did to 'embed', so that ids resolve to the same files."
}
