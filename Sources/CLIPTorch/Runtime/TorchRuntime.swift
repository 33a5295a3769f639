internal import CLIPCore
internal import CTorch
internal import Synchronization

/// libtorch as a whole: its version, its devices, how many threads it uses and what it warns of.
///
/// libtorch is loaded when it is first needed: by ``devices()``, and when a model is loaded. Where it is missing, both throw
/// `CLIPError` with code `missingLibrary`.
public enum TorchRuntime {
    private struct Settings {
        var threadCount: Int?
        var isLoaded = false
    }

    private static let settings = Mutex(Settings())
    /// Held while a quantised module is loaded: the engine, which its weights are packed for, is the whole process's.
    private static let quantizedLoading = Mutex(())

    /// Version of the libtorch that this library was built for, for example `2.13.0`.
    package static var version: String { String(cString: ltc_torch_version()) }

    /// The devices of this machine, `cpu` first, GPUs with their names.
    ///
    /// - Throws: `CLIPError` with code `missingLibrary` when libtorch cannot be loaded, `inference` when it cannot tell.
    public static func devices() throws -> [String] {
        try load()
        var names: UnsafeMutablePointer<UnsafeMutablePointer<CChar>>?
        var count = 0
        try TorchCall.check("Cannot list the devices") { ltc_devices(&names, &count, $0) }
        defer { ltc_strings_free(names, count) }
        return UnsafeBufferPointer(start: names, count: count).map { String(cString: $0) }
    }

    /// Sets how many threads an encoder on the CPU uses, for the whole process.
    ///
    /// This does not load libtorch.
    ///
    /// - Precondition: `count` is positive.
    /// - Throws: `CLIPError` with code `inference` when libtorch is loaded and refuses.
    public static func setThreadCount(_ count: Int) throws {
        precondition(count > 0, "an encoder uses at least one thread")
        try settings.withLock { settings in
            settings.threadCount = count
            if settings.isLoaded { try apply(threadCount: count) }
        }
    }

    /// Loads libtorch, unless it is loaded, with what was set before.
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

    /// Chooses what is told the warnings of libtorch and of models' own code, such as that a model uses what libtorch is going
    /// to remove, for the whole process.
    ///
    /// ```swift
    /// TorchRuntime.setWarningHandler { print("libtorch:", $0) }
    /// ```
    ///
    /// Without a handler warnings are dropped. libtorch prints nothing in either case, unless the environment variable
    /// `TORCH_CPP_LOG_LEVEL` says so. This does not load libtorch.
    ///
    /// - Parameter handler: Given a line without a line break, on the thread that loads or runs a model, before that returns;
    ///   on several at once where several do. `nil` to drop warnings again.
    public static func setWarningHandler(_ handler: (@Sendable (String) -> Void)?) {
        TorchWarnings.setHandler(handler)
    }

    /// Loads a module with an engine for quantised modules, or with whichever is set.
    ///
    /// Weights are packed for the engine when a module is loaded, so it is chosen before, and nobody else chooses meanwhile.
    ///
    /// - Throws: `CLIPError` with code `missingLibrary` or `inference`, and what `load` throws.
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
