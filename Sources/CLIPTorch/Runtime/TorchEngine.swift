internal import CLIPCore
public import CLIPModels

extension InferenceEngine {
    /// libtorch, which runs bundles of TorchScript modules.
    public static func torch(_ device: TorchDevice = .cpu) -> InferenceEngine {
        InferenceEngine(TorchEngine(torchDevice: device))
    }
}

/// libtorch on one device.
private struct TorchEngine: EngineRuntime {
    let torchDevice: TorchDevice

    var format: EncoderFormat { .torchScript }
    var padsParts: Bool { false }
    var device: String { torchDevice.description }

    func version() throws -> String { TorchRuntime.version }

    func devices() throws -> [String] { try TorchRuntime.devices() }

    func precisions() throws -> [Precision] { try TorchRuntime.precisions() }

    func threadCount() throws -> Int { try TorchRuntime.threadCount() }

    func load(_ file: EncoderFile) throws -> any EncoderModule {
        // A GPU is busy with 128 images, while the next ones are copied to it.
        let largestPart: Int? =
            switch file.input {
            case .images(let largest): torchDevice == .cpu ? largest : 128
            case .texts: nil
            }
        return try TorchModule(file, device: torchDevice, largestPart: largestPart)
    }
}
