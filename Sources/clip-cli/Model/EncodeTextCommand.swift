internal import ArgumentParser
internal import CLIPCore
internal import CLIPReport
internal import CLIPTorch

struct EncodeTextCommand: AsyncParsableCommand, OutputWriting {
    static let configuration = CommandConfiguration(
        commandName: "encode-text",
        abstract: "Write the vectors of texts as a NumPy array.",
        discussion: """
            Writes 32-bit floats of shape (texts, dimension): one vector of length 1 a text, in order. With
            --categories, one vector a category instead: that of its positive descriptions.
            """
    )

    @Argument(help: ArgumentHelp("Texts; a single - reads one a line from standard input.", valueName: "text"))
    var texts: [String] = []

    @Option(help: ArgumentHelp("Category file, instead of texts.", valueName: "file"))
    var categories: String?

    @OptionGroup var model: ModelOptions

    @Option(help: ArgumentHelp("The .npy file to write.", valueName: "file"))
    var output: String

    func validate() throws {
        guard texts.isEmpty != (categories == nil) else {
            throw ValidationError("Give texts (or - to read them), or --categories.")
        }
    }

    var outputs: [Output] { [.file("--output", output)] }
    var inputs: [String?] { [categories, model.path] }

    func run() async throws {
        let vectors = try await vectors(model.bundle().textEmbedder(device: model.torchDevice()))
        try NumPyFile.write(vectors, to: output)
        try Terminal.print("\(vectors.count) vectors of dimension \(vectors.dimension): \(output)")
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
