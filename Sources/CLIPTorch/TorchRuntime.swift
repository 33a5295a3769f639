internal import CLIPCore
internal import CTorch

/// libtorch as a whole: its version, its devices and how many threads it uses.
public enum TorchRuntime {
    /// Version of libtorch, for example `2.13.0`.
    public static var version: String { String(cString: ltc_torch_version()) }

    /// The devices of this machine, `cpu` first, GPUs with their names.
    ///
    /// - Throws: `CLIPError` with code `inference` when libtorch cannot tell.
    public static func devices() throws -> [String] {
        var names: UnsafeMutablePointer<UnsafeMutablePointer<CChar>>?
        var count = 0
        try TorchCall.check("Cannot list the devices") { ltc_devices(&names, &count, $0) }
        defer { ltc_strings_free(names, count) }
        return UnsafeBufferPointer(start: names, count: count).map { String(cString: $0) }
    }

    /// Sets how many threads an encoder on the CPU uses, for the whole process.
    ///
    /// - Precondition: `count` is positive.
    /// - Throws: `CLIPError` with code `inference` when libtorch refuses.
    public static func setThreadCount(_ count: Int) throws {
        precondition(count > 0, "an encoder uses at least one thread")
        try TorchCall.check("Cannot set the number of threads") {
            ltc_set_intra_op_threads(Int32(clamping: count), $0)
        }
    }

    /// Chooses what runs quantised modules.
    ///
    /// Weights are packed for it when a module is loaded, so it comes before.
    static func setQuantizedEngine(_ name: String) throws {
        try TorchCall.check("Cannot use the quantised engine '\(name)', which the model needs") {
            ltc_set_quantized_engine(name, $0)
        }
    }
}
