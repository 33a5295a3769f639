internal import CLIPModels

/// The folders of a model's bundles: NAME for TorchScript and NAME-openvino for OpenVINO, with `-int8` at the end for one
/// that is stored in int8.
struct BundleFolders {
    private static let engine = "-openvino"
    private static let integers = "-int8"

    private let named: String
    private let stem: String

    /// The folders beside one of them.
    ///
    /// - Parameter path: Any of the four.
    init(_ path: String) {
        var folder = path[...]
        while folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
        named = String(folder)
        for suffix in [Self.integers, Self.engine] where folder.hasSuffix(suffix) && folder != suffix {
            folder = folder.dropLast(suffix.count)
        }
        stem = String(folder)
    }

    /// Those other than the one that was named; they may not exist.
    var others: [String] {
        [EncoderFormat.torchScript, .openVINO]
            .flatMap { format in [false, true].map { folder(format, isQuantised: $0) } }
            .filter { $0 != named }
    }

    /// The folder of a bundle for an engine.
    func folder(_ format: EncoderFormat, isQuantised: Bool) -> String {
        stem + (format == .openVINO ? Self.engine : "") + (isQuantised ? Self.integers : "")
    }
}
