internal import CLIPCache
public import CLIPCore
internal import CLIPDigest

/// A folder with everything needed to use a model: encoders, tokenizer, preprocessing and reference outputs.
///
/// ```swift
/// let bundle = try ModelBundle(named: "ViT-B-32", precision: .int8)
/// let encoder = try bundle.imageEncoder(device: .cpu)
/// let embedder = bundle.textEmbedder(device: .cpu)
/// ```
///
/// Each file is verified against `model.json` when it is used. Verification results and text vectors are cached in a
/// folder, so that later runs neither reread unchanged files nor embed a text again.
public struct ModelBundle: Sendable {
    /// The bundle's folder.
    package let path: String
    /// The model's identity, dimension and preprocessing.
    public let model: ModelDescription
    let manifest: ModelManifest
    /// Shared by copies of the bundle, so that a process reads a file only once even without a writable cache.
    let checkedFiles: CheckedFiles
    let precision: Precision
    let cacheFolder: String?
    private let thread = InferenceThread()

    /// Opens an installed bundle.
    ///
    /// Bundles are installed in `swift-openclip/models` in the user's cache folder (`$XDG_CACHE_HOME` or `~/.cache`).
    /// Only `model.json` is read; the other files are read when they are used.
    ///
    /// - Parameters:
    ///   - name: The name of an installed bundle, for example `default`; or a path: any text with a slash, or the name
    ///     of a bundle in the working directory.
    ///   - precision: The number format in which the image encoder computes on a CPU. Others than `fp32` need a bundle
    ///     with operators of `libtorch-c`.
    ///   - usesCache: Whether verification results and text vectors are cached between runs, in `$OPENCLIP_CACHE` or
    ///     `swift-openclip` in the user's cache folder. A cache that cannot be written is not an error.
    /// - Throws: `CLIPError` with code `notFound` if there is no bundle, or `invalidModel` if its `model.json` is
    ///   invalid or the bundle does not run in this precision.
    public init(named name: String, precision: Precision = .fp32, usesCache: Bool = true) throws {
        try self.init(
            path: ModelLibrary.path(of: name),
            precision: precision,
            cacheFolder: usesCache ? ModelLibrary.cacheFolder : nil
        )
    }

    /// Opens the bundle in a folder.
    ///
    /// - Parameters:
    ///   - path: The bundle's folder.
    ///   - precision: As for ``init(named:precision:usesCache:)``.
    ///   - cacheFolder: The folder for verification results and text vectors, created on first use; `nil` for no cache.
    /// - Throws: What ``init(named:precision:usesCache:)`` throws.
    package init(path: String, precision: Precision = .fp32, cacheFolder: String?) throws {
        let manifestPath = "\(path)/model.json"
        let json: [UInt8]
        do {
            json = try FileBytes.read(manifestPath)
        } catch let error as CLIPError where error.code == .notFound {
            if let name = ModelLibrary.missingModel(at: path) { throw ModelLibrary.notInstalled(name) }
            throw CLIPError(.notFound, "\(path) is not a model bundle: it has no model.json.\(Self.hint(path))")
        }
        manifest = try ModelManifest(json: json, path: manifestPath)
        guard precision == .fp32 || manifest.operators == true else {
            throw CLIPError(
                .invalidModel,
                "\(path) runs only as it is stored (\(manifest.precision)), not in \(precision.rawValue). "
                    + "Omit the precision, or export the model again (Docs/ExportingModels.md)."
            )
        }
        model = manifest.modelDescription(identity: SHA256.hexadecimal(of: json), precision: precision)
        self.precision = precision
        self.path = path
        self.cacheFolder = cacheFolder
        checkedFiles = CheckedFiles(folder: cacheFolder)
    }

    /// Loads the image encoder.
    ///
    /// - Throws: `CLIPError` with code `invalidModel` if its file is missing, modified or unusable; `device`;
    ///   `missingLibrary` if libtorch cannot be loaded; `outOfMemory`.
    public func imageEncoder(device: TorchDevice = .cpu) throws -> some ImageEncoder {
        try torchImageEncoder(device)
    }

    private func torchImageEncoder(_ device: TorchDevice) throws -> TorchImageEncoder {
        let module = lazyImageModule(device)
        _ = try module.loaded()
        return imageEncoder(module, device)
    }

    private func imageEncoder(_ module: LazyTorchModule, _ device: TorchDevice) -> TorchImageEncoder {
        // Threads that meet only at the end of a batch wait least, and eight images of 50 tokens read weights seldom and
        // stay in a core's cache. A GPU is busy with 128 images, while the next ones are copied to it.
        let largestPart = device == .cpu ? manifest.image.batch == .joint ? 8 : 1 : 128
        return TorchImageEncoder(
            model: model,
            module: module,
            largestPart: largestPart,
            thread: thread
        )
    }

    /// The bundle, running in another precision.
    ///
    /// - Throws: What ``init(named:precision:usesCache:)`` throws.
    package func running(in precision: Precision) throws -> ModelBundle {
        try ModelBundle(path: path, precision: precision, cacheFolder: cacheFolder)
    }

    /// The bundle, running in the precision that a store records, so that vectors of both are the same.
    ///
    /// - Throws: What ``init(named:precision:usesCache:)`` throws.
    package func running(as store: Provenance) throws -> ModelBundle {
        guard hasPrecisions, let precision = store.precision.flatMap(Precision.init(rawValue:)) else { return self }
        return try running(in: precision)
    }

    /// Verifies the image encoder's file, and loads it when the first batch is encoded, for runs that may have nothing
    /// to encode.
    ///
    /// Errors in the module other than a wrong hash appear only then. For a GPU the module is loaded at once, so that a
    /// missing GPU is reported before a run begins.
    ///
    /// - Throws: `CLIPError` with code `invalidModel` if the file is missing or modified; `device`.
    package func lazyImageEncoder(device: TorchDevice = .cpu) throws -> some ImageEncoder {
        guard device == .cpu else { return try torchImageEncoder(device) }
        try require(manifest.image.file)
        return imageEncoder(lazyImageModule(device), device)
    }

    /// Loads the text encoder.
    ///
    /// - Throws: `CLIPError` with code `invalidModel` if its file is missing, modified or unusable; `device`;
    ///   `missingLibrary` if libtorch cannot be loaded.
    package func textEncoder(device: TorchDevice = .cpu) throws -> TorchTextEncoder {
        let module = try module(manifest.text.file, device, .fp32)
        return TorchTextEncoder(model: model, module: module, thread: thread)
    }

    /// Creates a text embedder.
    ///
    /// Tokenizer and text encoder are loaded on the model's thread when the first text without a cached vector is
    /// embedded. Errors in them, or in the device, appear only then.
    public func textEmbedder(device: TorchDevice = .cpu) -> some TextEmbedding {
        let vectors = cacheFolder.map { folder in
            TextVectorCache(
                folder: "\(folder)/texts",
                encoder: "TorchScript \(LibraryVersion.current) \(model.identity) \(device)",
                dimension: model.embeddingDimension
            )
        }
        return LazyTextEmbedder(model: model, store: vectors) {
            try await thread.run { (try tokenizer(), try textEncoder(device: device)) }
        }
    }

    /// The bundle's description of itself for display: fields and values.
    package var facts: [(field: String, value: String)] {
        [
            ("name", manifest.name),
            ("origin", manifest.origin),
            ("description", manifest.description),
            ("precision", manifest.precisionText),
            ("dimension", "\(model.embeddingDimension)"),
            ("image", model.preprocessing.description),
            ("tokenizer", "\(manifest.text.tokenizer.kind.rawValue), \(manifest.text.contextLength) tokens"),
            ("logit scale", model.logitScale.map { "\($0)" } ?? "none"),
            ("logit bias", model.logitBias.map { "\($0)" } ?? "none"),
            ("sha256", model.identity),
        ]
    }

    /// A hint for paths whose last component is the name of an installed bundle.
    private static func hint(_ path: String) -> String {
        guard let name = path.split(separator: "/").last, ModelLibrary.path(of: String(name)) != path,
            (try? PathKind("\(ModelLibrary.folder)/\(name)")) == .folder
        else { return "" }
        return " An installed model has this name: open it with ModelBundle(named: \"\(name)\")."
    }

    /// The path of a file in the bundle.
    func file(_ name: String) -> String {
        "\(path)/\(name)"
    }

    private func lazyImageModule(_ device: TorchDevice) -> LazyTorchModule {
        LazyTorchModule { try module(manifest.image.file, device, device == .cpu ? precision : .fp32) }
    }

    private func module(_ name: String, _ device: TorchDevice, _ precision: Precision) throws -> TorchModule {
        try withFile(name) { path in
            try TorchModule(
                path: path,
                device: device,
                quantizedEngine: manifest.quantizedEngine,
                precision: precision
            )
        }
    }
}
