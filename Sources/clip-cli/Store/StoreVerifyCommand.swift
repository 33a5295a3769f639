internal import ArgumentParser
internal import CLIPArrow
internal import CLIPCore
internal import CLIPTorch

struct StoreVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Embed some random images again and compare their vectors with the stored ones.",
        discussion: """
            Name the same sources as for 'embed', so that ids lead to the same images. The exit code is 1 when a vector differs, or an image is gone or cannot be used any more.
            """
    )

    @OptionGroup var store: StoreArgument
    @OptionGroup(title: "Sources") var source: SourceOptions
    @OptionGroup(title: "Model") var model: ModelOptions
    @OptionGroup(title: "Decoding") var decoding: DecodingOptions

    @Option(help: "Number of rows.")
    var sample = 100

    @Option(help: "Chooses the rows: a number that an earlier check printed chooses the same ones.")
    var seed: UInt64?

    func validate() throws {
        guard sample > 0 else { throw ValidationError("--sample must be at least 1.") }
    }

    func run() async throws {
        let embeddings = try ParquetEmbeddings(path: store.embeddings)
        let bundle = try model.bundle()
        let provenance = Provenance(bundle.model, decoding: decoding.exifOrientation.description)
        try embeddings.provenance.requireModel(bundle.model, store: embeddings.name)
        guard embeddings.provenance.preprocessing == provenance.preprocessing else {
            throw CLIPError(
                .modelMismatch,
                "\(embeddings.name) was made with '\(embeddings.provenance.preprocessing)', not with "
                    + "'\(provenance.preprocessing)'. Use the options that it was made with."
            )
        }
        let seed = seed ?? .random(in: 0...999_999)
        let check = StoreCheck(rows: try embeddings.sample(count: sample, seed: seed))
        let result = try await check.run(
            source: try source.record.source(
                connections: source.reading.connections,
                maximumFileBytes: decoding.maxBytes
            ),
            decoder: decoding.decoder(),
            encoder: try bundle.imageEncoder(device: model.torchDevice())
        )
        for finding in result.findings {
            try Terminal.print(Text.printable("\(finding.id): \(finding.text)"))
        }
        let least = result.leastSimilarity.map { ", least cosine \(Text.fixed(Double($0), digits: 6))" } ?? ""
        let count = "\(result.equal) of \(check.rows.ids.count)"
        try Terminal.print("\(count) rows are as the images give them\(least) (seed \(seed))")
        if result.equal < check.rows.ids.count { throw ExitStatus.doneWithRejects }
    }
}
