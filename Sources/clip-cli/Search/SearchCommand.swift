internal import ArgumentParser
internal import CLIPArrow
internal import CLIPCore
internal import CLIPReport
internal import CLIPSearch
internal import CLIPTorch

struct SearchCommand: AsyncParsableCommand, OutputWriting {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Find the stored images that are nearest to texts and images.",
        discussion: """
            Several texts and images make one query: the sum of their unit vectors, each times its weight, which is 1 unless --weights gives another. A negative weight leads away from a text or image:

              clip-cli search embeddings "a car" "a red car" --weights 1,-0.5

            With --each, every text and image is a query of its own. Texts are used as they are, without templates.
            """
    )

    @OptionGroup var store: StoreArgument

    @Argument(help: ArgumentHelp("Texts; a single - reads one a line from standard input.", valueName: "text"))
    var texts: [String] = []

    @Option(help: ArgumentHelp("An image file to search for; may be given several times.", valueName: "file"))
    var image: [String] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("One number for each text, then one for each image.", valueName: "w,w,...")
    )
    var weights: QueryWeights?

    @Flag(help: "Search for each text and image by itself.")
    var each = false

    @Option(name: [.customShort("k"), .customLong("top")], help: "How many images to find.")
    var count = 20

    @OptionGroup(title: "Results") var results: TableOptions
    @OptionGroup(title: "Model") var model: ModelOptions

    func validate() throws {
        guard count > 0 else { throw ValidationError("-k must be at least 1.") }
        guard !each || weights == nil else { throw ValidationError("--weights and --each exclude each other.") }
    }

    var outputs: [Output] { [.file("--output", results.output)] }
    var inputs: [String?] { [store.embeddings, model.path] + image }

    func run() async throws {
        let query = try SearchQuery(
            texts: TextLines.read(texts),
            images: image,
            weights: weights,
            searchesEach: each
        )
        let embeddings = try ParquetStore(path: store.embeddings)
        let bundle = try model.bundle(for: embeddings)
        let vectors = try await query.vectors(
            bundle: bundle,
            device: model.torchDevice(),
            orientation: OrientationOption(of: embeddings.provenance)
        )
        let hits = try TopKSearch(queries: vectors, k: count).run(embeddings)
        try results.show(table(hits, query), provenance: embeddings.provenance)
    }

    private func table(_ hits: [[SearchHit]], _ query: SearchQuery) -> ResultTable {
        let found: [(name: String, values: ResultTable.Values)] = [
            ("id", .texts(hits.flatMap(\.self).map(\.id))), ("cosine", .numbers(hits.flatMap(\.self).map(\.cosine))),
        ]
        guard each else { return ResultTable(found) }
        let names = zip(query.names, hits).flatMap { name, hits in hits.map { _ in name } }
        return ResultTable([("query", .texts(names))] + found)
    }
}
