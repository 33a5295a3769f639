internal import CLIPCore
@_exported public import CLIPModels

extension InferenceEngine {
    /// OpenVINO on the CPU, which runs bundles of its networks.
    ///
    /// OpenVINO is loaded with the first encoder, or throws `CLIPError` with code `missingLibrary`.
    ///
    /// - Parameter threads: The number of threads that an encoder uses, one for each part of a batch; `nil` for one per
    ///   processor, which is the most that can be used.
    /// - Returns: The engine.
    /// - Precondition: `threads` is positive.
    public static func openVINO(threads: Int? = nil) -> InferenceEngine {
        precondition(threads.map { $0 > 0 } ?? true, "the number of threads must be positive")
        return InferenceEngine(OpenVINOEngine(threads: min(threads ?? .max, ProcessorCount.current)))
    }
}

/// OpenVINO's CPU plug-in.
private struct OpenVINOEngine: EngineRuntime {
    let threads: Int

    var format: EncoderFormat { .openVINO }
    var padsParts: Bool { true }
    var device: String { "cpu" }

    func devices() throws -> [String] {
        let names = try OpenVINOLibrary.shared().devices()
        return names.filter { $0 == OpenVINOLibrary.cpu }.map { _ in device }
            + names.filter { $0 != OpenVINOLibrary.cpu }.map { "\($0) (not used by this library)" }
    }

    func precisions() throws -> [Precision] {
        try OpenVINOLibrary.shared().hasBF16() ? Precision.allCases : [.fp32, .int8]
    }

    func threadCount() throws -> Int { threads }

    func version() throws -> String { try OpenVINOLibrary.shared().version() }

    func load(_ file: EncoderFile) throws -> any EncoderModule {
        try OpenVINONetwork(file, threads: threads, library: .shared())
    }
}
