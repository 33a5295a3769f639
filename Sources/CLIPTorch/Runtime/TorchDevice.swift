internal import CLIPCore

/// A device that runs a model.
public struct TorchDevice: Sendable, Hashable, CustomStringConvertible {
    /// libtorch's name for the device, for example `cpu` or `cuda:0`.
    public let description: String

    /// The CPU.
    public static let cpu = TorchDevice(verified: "cpu")

    /// The NVIDIA GPU with an index.
    ///
    /// Loading a model onto it reveals whether it exists.
    package static func cuda(_ index: Int = 0) -> TorchDevice {
        precondition(index >= 0, "a GPU index must not be negative")
        return TorchDevice(verified: "cuda:\(index)")
    }

    private init(verified name: String) {
        description = name
    }

    /// Parses a device name: `cpu`, `cuda` or `cuda:1`.
    ///
    /// - Throws: `CLIPError` with code `device` for anything else.
    public init(_ name: String) throws {
        let parts = name.split(separator: ":", omittingEmptySubsequences: false)
        switch (parts[0], parts.count) {
        case ("cpu", 1): self = .cpu
        case ("cuda", 1): self = .cuda()
        case ("cuda", 2):
            guard let index = Int(parts[1]), index >= 0 else { fallthrough }
            self = .cuda(index)
        default:
            throw CLIPError(.device, "There is no device '\(name)'. Use cpu, cuda or cuda:1.")
        }
    }
}
