internal import CLIPCore
package import CLIPModels
internal import CTorch
internal import Synchronization

/// libtorch's version, devices, number of threads and warnings.
///
/// libtorch is loaded on first use: by ``devices()`` and when a model is loaded. If it is missing, both throw
/// `CLIPError` with code `missingLibrary`.
public enum TorchRuntime {
    private struct Settings {
        var threadCount: Int?
        var isLoaded = false
    }

    private static let settings = Mutex(Settings())
    /// Locked while a quantised module is loaded, because the engine that its weights are packed for is a setting of
    /// the process.
    private static let quantizedLoading = Mutex(())

    /// The version of libtorch that this library was built for, for example `2.13.0`.
    package static var version: String { String(cString: ltc_torch_version()) }

    /// The version of `libtorch-c`, for example `3.1.0`.
    package static var wrapperVersion: String { String(cString: ltc_version()) }

    /// The devices of this machine: `cpu` first, then GPUs with their names.
    ///
    /// - Throws: `CLIPError` with code `missingLibrary` if libtorch cannot be loaded, or `inference` if it cannot list
    ///   the devices.
    public static func devices() throws -> [String] {
        try load()
        var names: UnsafeMutablePointer<UnsafeMutablePointer<CChar>>?
        var count = 0
        try TorchCall.check("Cannot list the devices") { ltc_devices(&names, &count, $0) }
        defer { ltc_strings_free(names, count) }
        return UnsafeBufferPointer(start: names, count: count).map { String(cString: $0) }
    }

    /// The precisions in which this CPU runs models with operators of `libtorch-c`.
    ///
    /// - Throws: `CLIPError` with code `missingLibrary` or `inference`.
    package static func precisions() throws -> [Precision] {
        try load()
        var names: UnsafeMutablePointer<UnsafeMutablePointer<CChar>>?
        var count = 0
        try TorchCall.check("Cannot list the precisions") { ltc_precisions(&names, &count, $0) }
        defer { ltc_strings_free(names, count) }
        return UnsafeBufferPointer(start: names, count: count).compactMap { Precision(rawValue: String(cString: $0)) }
    }

    /// The number of threads that encoders use on the CPU.
    ///
    /// - Throws: `CLIPError` with code `missingLibrary` or `inference`.
    package static func threadCount() throws -> Int {
        try load()
        var count: Int32 = 0
        try TorchCall.check("Cannot read the number of threads") { ltc_get_intra_op_threads(&count, $0) }
        return Int(count)
    }

    /// Sets the number of threads that encoders use on the CPU, for the whole process.
    ///
    /// This does not load libtorch.
    ///
    /// - Precondition: `count` is positive.
    /// - Throws: `CLIPError` with code `inference` if libtorch is loaded and rejects the number.
    public static func setThreadCount(_ count: Int) throws {
        precondition(count > 0, "the number of threads must be positive")
        try settings.withLock { settings in
            settings.threadCount = count
            if settings.isLoaded { try apply(threadCount: count) }
        }
    }

    /// Loads libtorch, if necessary, and applies earlier settings.
    ///
    /// - Throws: `CLIPError` with code `missingLibrary` or `inference`.
    static func load() throws {
        try settings.withLock { settings in
            guard !settings.isLoaded else { return }
            try LibraryOpening.alone { try TorchWarnings.route() }
            if let count = settings.threadCount { try apply(threadCount: count) }
            settings.isLoaded = true
        }
    }

    private static func apply(threadCount: Int) throws {
        try TorchCall.check("Cannot set the number of threads") {
            ltc_set_intra_op_threads(Int32(clamping: threadCount), $0)
        }
    }

    /// Sets the handler for warnings of libtorch and of models' own code, for example about deprecated features, for
    /// the whole process.
    ///
    /// ```swift
    /// TorchRuntime.setWarningHandler { print("libtorch:", $0) }
    /// ```
    ///
    /// Without a handler, warnings are dropped. In either case libtorch prints nothing, unless the environment variable
    /// `TORCH_CPP_LOG_LEVEL` is set. This does not load libtorch.
    ///
    /// - Parameter handler: Receives one line without a line break, on the thread that loads or runs a model and before
    ///   that call returns; concurrent calls are possible. `nil` drops warnings again.
    public static func setWarningHandler(_ handler: (@Sendable (String) -> Void)?) {
        TorchWarnings.setHandler(handler)
    }

    /// Loads a module with an engine for quantised modules, or with the current one.
    ///
    /// Weights are packed for the engine when a module is loaded, so the engine is set before and must not change
    /// during loading.
    ///
    /// - Throws: `CLIPError` with code `missingLibrary` or `inference`; what `loadModule` throws.
    static func loadModule(quantizedEngine name: String?, _ loadModule: () throws -> Void) throws {
        try load()
        guard let name else { return try loadModule() }
        try quantizedLoading.withLock { _ in
            try TorchCall.check("Cannot use the quantised engine '\(name)', which the model needs") {
                ltc_set_quantized_engine(name, $0)
            }
            try loadModule()
        }
    }
}
