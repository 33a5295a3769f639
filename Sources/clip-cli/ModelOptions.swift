internal import ArgumentParser
internal import CLIPTorch

/// Which model to use and where it runs.
struct ModelOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Model bundle: a folder, or the name of an installed one.", valueName: "bundle"))
    var model = ModelLibrary.defaultName

    @Option(help: "Where the model runs: cpu, cuda or cuda:1.")
    var device = "cpu"

    func bundle() throws -> ModelBundle {
        try ModelBundle(path: ModelLibrary.path(of: model))
    }

    func torchDevice() throws -> TorchDevice {
        try TorchDevice(device)
    }
}
