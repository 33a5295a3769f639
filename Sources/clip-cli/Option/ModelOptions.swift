internal import ArgumentParser
internal import CLIPCore
internal import CLIPTorch

/// Which model to use and where it runs.
struct ModelOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Model bundle: a folder, or the name of an installed one.", valueName: "bundle"))
    var model = ModelLibrary.defaultName

    @Option(help: "Where the model runs: cpu, cuda or cuda:1.")
    var device = "cpu"

    @Option(
        name: [.customLong("encoder-threads"), .customLong("threads")],
        help: "Threads that a model on the processor uses; all processors unless given."
    )
    var threads: Int?

    @Flag(
        help: """
            Use and keep nothing in the cache folder: check the model's files and encode all texts anew. OPENCLIP_CACHE in the environment names another folder, or none when it is empty.
            """
    )
    var noCache = false

    @OptionGroup var verbosity: VerboseOption

    func validate() throws {
        do {
            _ = try torchDevice()
        } catch let error as CLIPError {
            throw ValidationError(error.message)
        }
        guard threads.map({ 1...1024 ~= $0 }) ?? true else {
            throw ValidationError("--encoder-threads must be from 1 to 1024.")
        }
    }

    /// Folder of the bundle.
    var path: String { ModelLibrary.path(of: model) }

    func bundle() throws -> ModelBundle {
        verbosity.apply()
        if let threads { try TorchRuntime.setThreadCount(threads) }
        return try ModelBundle(path: path, cacheFolder: noCache ? nil : ModelLibrary.cacheFolder)
    }

    func torchDevice() throws -> TorchDevice {
        try TorchDevice(device)
    }
}
