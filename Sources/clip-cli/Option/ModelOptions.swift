internal import ArgumentParser
internal import CLIPCore
internal import CLIPTorch

/// Which model to use and where it runs.
struct ModelOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Model bundle: a folder, or the name of an installed model.", valueName: "bundle"))
    var model = ModelLibrary.defaultName

    @Option(help: "Device that runs the model: cpu, cuda or cuda:N.")
    var device = "cpu"

    @Option(
        name: [.customLong("encoder-threads"), .customLong("threads")],
        help: "CPU threads for the model (default: all cores)."
    )
    var threads: Int?

    @Flag(
        help: """
            Do not use the cache: check the model's files and embed all texts again. The environment variable OPENCLIP_CACHE names another cache folder; if it is empty, there is no cache.
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

    /// The model as an option of another command, without a value if it is the default.
    var option: (name: String, value: String?) { ("--model", model == ModelLibrary.defaultName ? nil : model) }
}
