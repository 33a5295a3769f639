internal import ArgumentParser
internal import CLIPCore
internal import CLIPModels
internal import CLIPPipeline
internal import CLIPReport

struct PreprocessCommand: AsyncParsableCommand, FileWriting {
    static let configuration = CommandConfiguration(
        commandName: "preprocess",
        abstract: "Preprocess images for a model and write the pixels as a NumPy array.",
        discussion: "Writes a uint8 array (images × height × width × 3), before rescaling and normalization."
    )

    @Argument(help: ArgumentHelp("Image files.", valueName: "image"))
    var images: [String]

    @Option(help: ArgumentHelp("Model bundle: a folder, or the name of an installed model.", valueName: "bundle"))
    var model = ModelLibrary.defaultName

    @Option(help: ArgumentHelp("Output .npy file (replaced only with --force).", valueName: "file"))
    var output: String

    @OptionGroup(title: "Decoding") var decoding: DecodingOptions

    @OptionGroup var overwriting: OverwriteOption

    var outputs: [Output] { [.file("--output", output)] }
    var inputs: [String?] { images + [ModelLibrary.path(of: model)] }

    func run() async throws {
        let spec = try ModelBundle(named: model).model.preprocessing
        let decoder = decoding.decoder()
        let batch = try ImageBatch(contentsOf: images, decoder: { WarningDecoder(decoder, file: $0) }, spec: spec)
        try NumPyFile.write(batch, to: output)
        try Terminal.print("\(Text.count(batch.count, "image")) of \(spec.width)×\(spec.height) pixels: \(output)")
    }
}
