internal import ArgumentParser
internal import CLIPArrow
internal import CLIPCore
internal import CLIPImage
internal import CLIPImageFormats
internal import CLIPModels
internal import CLIPReport
internal import CLIPSearch

struct SearchCommand: AsyncParsableCommand, FileWriting {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Find the embedded images most similar to texts and images.",
        discussion: """
            Several texts and images form one query: the weighted sum of their unit vectors. A negative weight searches away from a text or image:

              clip-cli search store "a car" "a red car" --weights 1,-0.5

            With --separate-queries, each text and image is its own query. Texts are used as given, without templates.
            """
    )

    @OptionGroup var store: StoreArgument

    @Argument(help: ArgumentHelp("Texts (a single - reads them from stdin, one per line).", valueName: "text"))
    var texts: [String] = []

    @OptionGroup var query: QueryOptions

    @Option(name: [.customShort("k"), .customLong("top")], help: "Number of images per query.")
    var count = 20

    @OptionGroup(title: "Results") var results: TableOptions
    @OptionGroup(title: "Model") var model: ModelOptions
    @OptionGroup(title: "Decoding of query images") var limits: DecodingLimits

    func validate() throws {
        guard count > 0 else { throw ValidationError("-k must be at least 1.") }
    }

    @OptionGroup var overwriting: OverwriteOption

    var outputs: [Output] { [.file("--output", results.output)] }
    var inputs: [String?] { [store.embeddings, model.path] + query.image }

    func run() async throws {
        let query = try query.query(texts: TextLines.read(texts))
        let embeddings = try ParquetStore(path: store.embeddings)
        let bundle = try model.bundle(for: embeddings).running(as: embeddings.provenance)
        let decoding = limits.options(OrientationOption(of: embeddings.provenance))
        let vectors = try await query.vectors(
            bundle: bundle,
            engine: model.engine(for: bundle),
            decoder: ImageFileDecoder(options: decoding, formats: .all)
        )
        let hits = try TopKSearch(queries: vectors, k: count).run(embeddings)
        try results.show(table(hits, query), provenance: embeddings.provenance)
    }

    private func table(_ hits: [[SearchHit]], _ query: SearchQuery) -> ResultTable {
        let found: [(name: String, values: ResultTable.Values)] = [
            ("id", .texts(hits.flatMap(\.self).map(\.id))), ("cosine", .numbers(hits.flatMap(\.self).map(\.cosine))),
        ]
        guard self.query.separateQueries else { return ResultTable(found) }
        let names = zip(query.names, hits).flatMap { name, hits in hits.map { _ in name } }
        return ResultTable([("query", .texts(names))] + found)
    }
}
