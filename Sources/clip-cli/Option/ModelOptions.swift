internal import ArgumentParser
internal import CLIPCore
internal import CLIPModels
internal import CLIPOpenVINO
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
            _ = try TorchDevice(device)
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
        return try ModelBundle(named: model, usesCache: !noCache)
    }

    /// What runs a bundle's encoders.
    func engine(for bundle: ModelBundle) throws -> InferenceEngine {
        try bundle.engine(device: device, threads: threads)
    }

    /// The model as an option of another command, without a value if it is the default.
    var option: (name: String, value: String?) { ("--model", model == ModelLibrary.defaultName ? nil : model) }
}

extension ModelOptions {
    /// The folders of the same model's bundles.
    var folders: BundleFolders { BundleFolders(path) }

    /// The bundle that vectors were made with: that of the option or, if `embed --engine` took it, another one of the same
    /// model; the option's if none is it.
    ///
    /// Bundles beside it that cannot be opened are passed over: their vectors would not be these.
    func bundle(of vectors: Provenance) throws -> ModelBundle {
        let named = try bundle()
        guard named.model.identity != vectors.modelIdentity else { return named }
        for path in folders.others() {
            let other = try? named.neighbour(at: path)
            if let other, other.model.identity == vectors.modelIdentity { return other }
        }
        return named
    }
}

extension ModelBundle {
    /// What runs the bundle's encoders.
    ///
    /// - Parameters:
    ///   - name: The device's name.
    ///   - threads: The number of threads on a CPU; `nil` for the engine's own choice.
    /// - Returns: The engine.
    /// - Throws: `CLIPError` with code `device` if the engine does not have the device.
    func engine(device name: String, threads: Int? = nil) throws -> InferenceEngine {
        let device = try TorchDevice(name)
        switch encoderFormat {
        case .torchScript:
            if let threads { try TorchRuntime.setThreadCount(threads) }
            return .torch(device)
        case .openVINO:
            guard device == .cpu else {
                throw CLIPError(.device, "\(path) runs on OpenVINO, which is used on the CPU only. Use --device cpu.")
            }
            return .openVINO(threads: threads)
        }
    }
}
