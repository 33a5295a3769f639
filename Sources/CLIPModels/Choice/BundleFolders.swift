/// The folders of a model's bundles: NAME for TorchScript and NAME-openvino for OpenVINO, with `-int8` at the end for one
/// that is stored in int8.
package struct BundleFolders {
    private static let engine = "-openvino"
    private static let integers = "-int8"

    private let named: String
    private let stem: String

    /// The folders beside one of them.
    ///
    /// - Parameter path: Any of the four.
    package init(_ path: String) {
        var folder = path[...]
        while folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
        named = String(folder)
        for suffix in [Self.integers, Self.engine] where folder.hasSuffix(suffix) && folder != suffix {
            folder = folder.dropLast(suffix.count)
        }
        stem = String(folder)
    }

    /// Those other than the one that was named, by their names; they may not exist.
    ///
    /// - Parameters:
    ///   - format: The engine of the bundles; `nil` for any.
    ///   - precision: A precision that the bundles may run in; `nil` for any. An int8 bundle has no other, and one for
    ///     OpenVINO has int8 only if it is stored in it.
    /// - Returns: The folders, those for TorchScript first.
    package func others(for format: EncoderFormat? = nil, in precision: Precision? = nil) -> [String] {
        [EncoderFormat.torchScript, .openVINO].filter { format == nil || $0 == format }.flatMap { format in
            [false, true].filter { isQuantised in
                switch precision {
                case nil: true
                case .int8: isQuantised || format == .torchScript
                case .fp32, .bf16: !isQuantised
                }
            }.map { folder(format, isQuantised: $0) }
        }.filter { $0 != named }
    }

    /// The folder of a bundle for an engine.
    package func folder(_ format: EncoderFormat, isQuantised: Bool) -> String {
        stem + (format == .openVINO ? Self.engine : "") + (isQuantised ? Self.integers : "")
    }
}
