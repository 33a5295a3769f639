internal import ArgumentParser
internal import CLIPCore
internal import CLIPTorch

struct EncodeTextCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "encode-text",
        abstract: "Write the vectors of texts as a NumPy array.",
        discussion: "Writes 32-bit floats of shape (texts, dimension): one vector of length 1 a text, in order."
    )

    @OptionGroup var input: TextArguments

    @OptionGroup var model: ModelOptions

    @Option(help: ArgumentHelp("The .npy file to write.", valueName: "file"))
    var output: String

    func run() async throws {
        let embedder = try model.bundle().textEmbedder(device: model.torchDevice())
        let vectors = try await embedder.embed(input.read())
        try NumPyFile.write(vectors, to: output)
        try Terminal.print("\(vectors.count) vectors of dimension \(vectors.dimension): \(output)")
    }
}
