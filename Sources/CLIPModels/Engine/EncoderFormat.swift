/// The engine that a bundle's encoders are files of, as `model.json` names it.
package enum EncoderFormat: String, Sendable, Decodable {
    /// TorchScript modules, which libtorch runs. Also of bundles that do not say.
    case torchScript = "torchscript"
    /// OpenVINO's intermediate representation.
    case openVINO = "openvino"

    /// The display name.
    package var name: String {
        switch self {
        case .torchScript: "TorchScript"
        case .openVINO: "OpenVINO"
        }
    }

    /// The library that runs them.
    package var library: String {
        switch self {
        case .torchScript: "libtorch"
        case .openVINO: "OpenVINO"
        }
    }

    /// The module of this package with the engine, and how a program passes it.
    var advice: String {
        switch self {
        case .torchScript: "import CLIPTorch and pass on: .torch()"
        case .openVINO: "import CLIPOpenVINO and pass on: .openVINO()"
        }
    }
}
