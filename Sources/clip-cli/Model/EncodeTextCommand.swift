internal import ArgumentParser
internal import CLIPCore
internal import CLIPModels
internal import CLIPReport

struct EncodeTextCommand: AsyncParsableCommand, FileWriting {
    static let configuration = CommandConfiguration(
        commandName: "encode-text",
        abstract: "Embed texts and write their vectors as a NumPy array.",
        discussion: """
            Writes a float32 array (texts × dimension) with one unit vector per text. With --categories, writes one vector per category, that of its positive descriptions.
            """
    )

    @Argument(help: ArgumentHelp("Texts (a single - reads them from stdin, one per line).", valueName: "text"))
    var texts: [String] = []

    @Option(help: ArgumentHelp("Category file, YAML or JSON, instead of texts.", valueName: "file"))
    var categories: String?

    @OptionGroup var model: ModelOptions

    @Option(help: ArgumentHelp("Output .npy file (replaced only with --force).", valueName: "file"))
    var output: String

    func validate() throws {
        guard texts.isEmpty != (categories == nil) else {
            throw ValidationError("Pass either texts (- for stdin) or --categories.")
        }
    }

    @OptionGroup var overwriting: OverwriteOption

    var outputs: [Output] { [.file("--output", output)] }
    var inputs: [String?] { [categories, model.path] }

    func run() async throws {
        let bundle = try model.bundle()
        let vectors = try await vectors(bundle.textEmbedder(on: model.engine(for: bundle)))
        try NumPyFile.write(vectors, to: output)
        try Terminal.print("\(Text.count(vectors.count, "vector")) of dimension \(vectors.dimension): \(output)")
    }

    private func vectors(_ embedder: some TextEmbedding) async throws -> EmbeddingMatrix {
        guard let categories else { return try await embedder.embed(TextLines.read(texts)) }
        let bank = try await PromptBank(CategoryFile(contentsOf: categories), embedder: embedder)
        var vectors = EmbeddingMatrix(dimension: bank.vectors.dimension)
        for category in bank.layout.categories {
            vectors.append(bank.vectors[row: category.positive.column])
        }
        return vectors
    }
}
