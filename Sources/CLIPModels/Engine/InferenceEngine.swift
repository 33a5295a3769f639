package import CLIPCore

/// An inference library on one device, which runs the encoders of bundles.
///
/// `CLIPTorch` and `CLIPOpenVINO` have one each:
///
/// ```swift
/// let bundle = try ModelBundle(named: "ViT-B-32-openvino")
/// let encoder = try bundle.imageEncoder(on: .openVINO())
/// ```
///
/// The encoders of a bundle are files of one engine, which `model.json` names.
public struct InferenceEngine: Sendable {
    package let runtime: any EngineRuntime

    package init(_ runtime: some EngineRuntime) {
        self.runtime = runtime
    }
}

/// What an inference library does for bundles.
package protocol EngineRuntime: Sendable {
    /// The files that it runs.
    var format: EncoderFormat { get }
    /// Whether parts of a batch are padded to the same size, so that a small batch leaves threads without work.
    var padsParts: Bool { get }
    /// The device as users name it; `cpu` for the CPU.
    var device: String { get }

    /// The version of the library.
    ///
    /// - Throws: `CLIPError` with code `missingLibrary` or `inference` if the library has to be loaded to ask it.
    func version() throws -> String

    /// The devices that it finds: `cpu` first if it is there, then others with their names, and whether they are used.
    ///
    /// - Throws: `CLIPError` with code `missingLibrary` or `inference`.
    func devices() throws -> [String]

    /// The precisions that this CPU has instructions for, `fp32` first.
    ///
    /// - Throws: `CLIPError` with code `missingLibrary` or `inference`.
    func precisions() throws -> [Precision]

    /// The number of threads that encoders use on the CPU.
    ///
    /// - Throws: `CLIPError` with code `missingLibrary` or `inference`.
    func threadCount() throws -> Int

    /// Loads an encoder.
    ///
    /// - Throws: `CLIPError` with code `invalidModel`, `device`, `missingLibrary`, `outOfMemory` or `inference`.
    func load(_ file: EncoderFile) throws -> any EncoderModule
}

/// The file of an encoder, and how it runs.
package struct EncoderFile: Sendable {
    /// What the encoder takes.
    package enum Input: Sendable {
        /// Pixels, N × H × W × 3 bytes. `largestPart` is the number of images that may run together on a CPU without an
        /// influence on each other's vectors.
        case images(largestPart: Int)
        /// Token ids, N × L 64-bit integers.
        case texts
    }

    package let path: String
    package let input: Input
    package let precision: Precision
    /// libtorch's engine for quantised modules of release 0.1.
    package let quantizedEngine: String?
}

/// A loaded encoder.
///
/// Calls block; use it on an `InferenceThread`.
package protocol EncoderModule: Sendable {
    /// Encodes a batch.
    ///
    /// - Parameters:
    ///   - values: The input's elements in row-major order: pixels or token ids.
    ///   - shape: Its sizes; the first is the expected number of output rows.
    ///   - dimension: The expected length D of the output rows.
    /// - Returns: The output, `shape[0] × D` 32-bit floats.
    /// - Throws: `CLIPError` with code `inference` or `outOfMemory`.
    func run<Element: FixedWidthInteger & Sendable>(
        _ values: [Element],
        shape: [Int],
        dimension: Int
    ) throws -> EmbeddingMatrix
}
