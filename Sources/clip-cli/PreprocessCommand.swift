internal import ArgumentParser
internal import CLIPCore
internal import CLIPImage
internal import CLIPTorch

struct PreprocessCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preprocess",
        abstract: "Write the pixels that a model sees of images as a NumPy array.",
        discussion: "Writes unsigned 8-bit values of shape (images, height, width, 3), before scaling, mean and std."
    )

    @Argument(help: ArgumentHelp("Image files.", valueName: "image"))
    var images: [String]

    @Option(help: ArgumentHelp("Model bundle: a folder, or the name of an installed one.", valueName: "bundle"))
    var model = ModelLibrary.defaultName

    @Option(help: ArgumentHelp("The .npy file to write.", valueName: "file"))
    var output: String

    @Option(help: "What to do with EXIF orientation: apply it, or ignore it as open_clip does.")
    var exifOrientation = OrientationOption.apply

    func run() async throws {
        let spec = try ModelBundle(path: ModelLibrary.path(of: model)).model.preprocessing
        let preprocessor = ImagePreprocessor(spec: spec)
        let decoder = ImageFileDecoder(options: .init(orientation: exifOrientation.value))
        var batch = ImageBatch(height: spec.height, width: spec.width, capacity: images.count)
        for path in images {
            let bytes = try FileBytes.read(path)
            do {
                batch.append(try preprocessor.preprocess(decoder.decode(bytes)))
            } catch let error as CLIPError {
                throw CLIPError(error.code, "Cannot use \(path).", cause: error)
            }
        }
        try NumPyFile.write(batch, to: output)
        try Terminal.print("\(batch.count) images of \(spec.width)×\(spec.height) pixels: \(output)")
    }
}
