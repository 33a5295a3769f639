internal import CLIPCache
public import CLIPCore

extension ModelBundle {
    /// Loads the image encoder.
    ///
    /// - Parameter engine: Runs it; the bundle's own, which `model.json` names.
    /// - Returns: The encoder.
    /// - Throws: `CLIPError` with code `invalidModel` if its file is missing, modified or unusable, or belongs to another
    ///   engine; `device`; `missingLibrary` if the engine cannot be loaded; `outOfMemory`.
    public func imageEncoder(on engine: InferenceEngine) throws -> some ImageEncoder {
        let encoder = try moduleImageEncoder(engine)
        _ = try encoder.module.loaded()
        return encoder
    }

    /// Verifies the image encoder's files, and loads it when the first batch is encoded, for runs that may have nothing
    /// to encode.
    ///
    /// Errors in the module other than a wrong hash appear only then. For a GPU the module is loaded at once, so that a
    /// missing GPU is reported before a run begins; and for bf16 the engine is asked whether this CPU has it.
    ///
    /// - Throws: `CLIPError` with code `invalidModel` if a file is missing or modified, or belongs to another engine;
    ///   `device` if there is no such GPU, or the CPU lacks bf16; `missingLibrary` or `inference` if the engine cannot be
    ///   asked or loaded.
    package func lazyImageEncoder(on engine: InferenceEngine) throws -> some ImageEncoder {
        let encoder = try moduleImageEncoder(engine)
        if engine.isOnCPU {
            // The only precision that a CPU may lack. A store of it would be of no use there.
            if precision == .bf16 { try requirePrecision(of: engine) }
            for name in manifest.files(ofEncoder: manifest.image.file) { try require(name) }
        } else {
            _ = try encoder.module.loaded()
        }
        return encoder
    }

    /// Loads the text encoder.
    ///
    /// - Throws: `CLIPError` with code `invalidModel` if its file is missing, modified or unusable, or belongs to another
    ///   engine; `device`; `missingLibrary` if the engine cannot be loaded.
    package func textEncoder(on engine: InferenceEngine) throws -> some TextEncoder {
        let module = try module(manifest.text.file, .texts, .fp32, engine)
        return ModuleTextEncoder(model: model, module: module, thread: thread)
    }

    /// Creates a text embedder.
    ///
    /// Tokenizer and text encoder are loaded on the model's thread when the first text without a cached vector is
    /// embedded. Errors in them, or in the device, appear only then.
    ///
    /// - Parameter engine: Runs the encoder; the bundle's own, which `model.json` names.
    /// - Returns: The embedder.
    public func textEmbedder(on engine: InferenceEngine) -> some TextEmbedding {
        let vectors = cacheFolder.map { folder in
            TextVectorCache(
                folder: "\(folder)/texts",
                encoder:
                    "\(manifest.encoderFormat.name) \(LibraryVersion.current) \(model.identity) \(engine.runtime.device)",
                dimension: model.embeddingDimension
            )
        }
        return LazyTextEmbedder(model: model, store: vectors) {
            try await thread.run { (try tokenizer(), try textEncoder(on: engine)) }
        }
    }

    /// The number of images in the smallest batch that gives every thread of an engine work, as far as batches may be.
    ///
    /// - Throws: What asking the engine for its threads throws.
    package func imagesForAllThreads(of engine: InferenceEngine) throws -> Int {
        engine.runtime.padsParts ? min(try largestPart * engine.runtime.threadCount(), Self.largestBatch) : 1
    }

    /// As `--batch-size` of the tool.
    private static let largestBatch = 1024

    /// The number of images that run together on a CPU.
    ///
    /// Threads that meet only at the end of a batch wait least, and eight images of 50 tokens read weights seldom and stay in
    /// a core's cache.
    private var largestPart: Int { manifest.runsImagesTogether ? 8 : 1 }

    private func moduleImageEncoder(_ engine: InferenceEngine) throws -> ModuleImageEncoder {
        try requireFormat(of: engine)
        let input = EncoderFile.Input.images(largestPart: largestPart)
        guard precision == .fp32 || engine.isOnCPU else {
            throw CLIPError(
                .device,
                "\(path) runs in \(precision.rawValue) on a CPU only. Use --device cpu, or omit the precision."
            )
        }
        let lazy = LazyModule {
            try requirePrecision(of: engine)
            return try module(manifest.image.file, input, precision, engine)
        }
        return ModuleImageEncoder(
            model: model,
            module: lazy,
            // Images that ran together on the exporter's CPU without an influence on each other may have one on another CPU.
            isBatchInvariant: engine.isOnCPU && (engine.runtime.padsParts || largestPart == 1),
            thread: thread
        )
    }

    private func module(
        _ name: String,
        _ input: EncoderFile.Input,
        _ precision: Precision,
        _ engine: InferenceEngine
    ) throws -> any EncoderModule {
        try requireFormat(of: engine)
        return try withFiles(manifest.files(ofEncoder: name)) {
            try engine.runtime.load(
                EncoderFile(
                    path: file(name),
                    input: input,
                    precision: precision,
                    quantizedEngine: manifest.quantizedEngine
                )
            )
        }
    }

    /// Requires that this CPU has instructions for the precision; the engine is loaded to ask it.
    private func requirePrecision(of engine: InferenceEngine) throws {
        guard precision != .fp32 else { return }
        let has = try engine.runtime.precisions()
        guard !has.contains(precision) else { return }
        let others = manifest.precisions.filter(has.contains).map(\.rawValue).joined(separator: " or ")
        throw CLIPError(
            .device,
            "This CPU has no instructions for \(precision.rawValue)\(others.isEmpty ? "" : "; \(path) runs on it in \(others)")."
        )
    }

    private func requireFormat(of engine: InferenceEngine) throws {
        let format = manifest.encoderFormat
        guard engine.runtime.format != format else { return }
        throw CLIPError(
            .invalidModel,
            "\(path)/model.json: 'engine' is \(format.rawValue), so \(engine.runtime.format.name) cannot run the model: "
                + "\(format.advice), or use another model."
        )
    }
}

extension InferenceEngine {
    fileprivate var isOnCPU: Bool { runtime.device == "cpu" }
}
