internal import CLIPCache
public import CLIPCore
internal import CLIPDigest

/// A folder with all that is needed to use a model: encoders, tokenizer, preprocessing, and reference outputs.
///
/// ```swift
/// let bundle = try ModelBundle(named: "default")
/// let encoder = try bundle.imageEncoder(device: .cpu)
/// let embedder = bundle.textEmbedder(device: .cpu)
/// ```
///
/// Each file is checked against `model.json` when it is used. Which files were found right, and the vectors of texts, are
/// remembered in a folder, so that later starts neither read unchanged files to the end nor encode a text again.
public struct ModelBundle: Sendable {
    /// The bundle's folder.
    package let path: String
    /// Identity, dimension and preprocessing of the model.
    public let model: ModelDescription
    let manifest: ModelManifest
    /// Shared by copies of the bundle, so that a file is read once in a process where nothing can be kept.
    let checkedFiles: CheckedFiles
    private let cacheFolder: String?
    private let thread = InferenceThread()

    /// Opens an installed bundle.
    ///
    /// Bundles are installed in `swift-openclip/models` in the user's cache folder, which is `$XDG_CACHE_HOME`, or `~/.cache`.
    /// Only `model.json` is read; the other files are looked at when they are used.
    ///
    /// - Parameters:
    ///   - name: The name of an installed bundle, for example `default`; or a path: a text with a slash, or the name of a bundle
    ///     in the working directory.
    ///   - usesCache: Whether checks of files and vectors of texts are remembered between starts, in `$OPENCLIP_CACHE` or
    ///     `swift-openclip` in the user's cache folder. A cache that cannot be written is no error.
    /// - Throws: `CLIPError` with code `notFound` when there is no bundle, `invalidModel` when its `model.json` is wrong.
    public init(named name: String, usesCache: Bool = true) throws {
        try self.init(path: ModelLibrary.path(of: name), usesCache: usesCache)
    }

    /// Opens the bundle in a folder.
    ///
    /// - Parameters:
    ///   - path: The bundle's folder.
    ///   - usesCache: As for ``init(named:usesCache:)``.
    /// - Throws: `CLIPError` with code `notFound` when there is no bundle, `invalidModel` when its `model.json` is wrong.
    public init(path: String, usesCache: Bool = true) throws {
        try self.init(path: path, cacheFolder: usesCache ? ModelLibrary.cacheFolder : nil)
    }

    /// Opens the bundle in a folder.
    ///
    /// - Parameters:
    ///   - path: The bundle's folder.
    ///   - cacheFolder: Where file checks and the vectors of texts are remembered; `nil` remembers nothing. It is created when
    ///     there is something to remember.
    /// - Throws: As ``init(path:usesCache:)`` does.
    package init(path: String, cacheFolder: String?) throws {
        let manifestPath = "\(path)/model.json"
        let json: [UInt8]
        do {
            json = try FileBytes.read(manifestPath)
        } catch let error as CLIPError where error.code == .notFound {
            throw CLIPError(.notFound, "\(path) is not a model bundle: it has no model.json.\(Self.hint(path))")
        }
        manifest = try ModelManifest(json: json, path: manifestPath)
        model = manifest.modelDescription(identity: SHA256.hexadecimal(of: json))
        self.path = path
        self.cacheFolder = cacheFolder
        checkedFiles = CheckedFiles(folder: cacheFolder)
    }

    /// Loads the image encoder.
    ///
    /// - Throws: `CLIPError` with code `invalidModel` when its file is missing, altered, or cannot be used; `device`; `missingLibrary`
    ///   when libtorch cannot be loaded.
    public func imageEncoder(device: TorchDevice = .cpu) throws -> some ImageEncoder {
        try torchImageEncoder(device)
    }

    private func torchImageEncoder(_ device: TorchDevice) throws -> TorchImageEncoder {
        let module = lazyImageModule(device)
        _ = try module.loaded()
        return TorchImageEncoder(model: model, module: module, thread: thread)
    }

    /// Checks the image encoder's file, and loads it when the first batch is encoded: for runs that may have nothing to encode.
    ///
    /// What is wrong with the module but for its hash shows then. Onto a GPU it is loaded at once, so that one that is not there
    /// is an error before a run begins.
    ///
    /// - Throws: `CLIPError` with code `invalidModel` when the file is missing or altered; `device`.
    package func lazyImageEncoder(device: TorchDevice = .cpu) throws -> some ImageEncoder {
        guard device == .cpu else { return try torchImageEncoder(device) }
        try require(manifest.image.file)
        return TorchImageEncoder(model: model, module: lazyImageModule(device), thread: thread)
    }

    /// Loads the text encoder.
    ///
    /// - Throws: `CLIPError` with code `invalidModel` when its file is missing, altered, or cannot be used; `device`; `missingLibrary`
    ///   when libtorch cannot be loaded.
    package func textEncoder(device: TorchDevice = .cpu) throws -> TorchTextEncoder {
        let module = try module(manifest.text.file, device)
        return TorchTextEncoder(model: model, module: module, thread: thread)
    }

    /// Embeds texts.
    ///
    /// Tokenizer and text encoder are loaded when the first text has to be encoded whose vector is not remembered, on the thread
    /// on which the model runs; what is wrong with them, or with the device, shows then.
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

    /// What the bundle says about itself, for people: field and value.
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

    /// Shows the way to who gives the name of an installed bundle as a path.
    private static func hint(_ path: String) -> String {
        guard let name = path.split(separator: "/").last, ModelLibrary.path(of: String(name)) != path,
            (try? PathKind("\(ModelLibrary.folder)/\(name)")) == .folder
        else { return "" }
        return " An installed model has this name: open it with ModelBundle(named: \"\(name)\")."
    }

    /// Path of one of the bundle's files.
    func file(_ name: String) -> String {
        "\(path)/\(name)"
    }

    private func lazyImageModule(_ device: TorchDevice) -> LazyTorchModule {
        LazyTorchModule { try module(manifest.image.file, device) }
    }

    private func module(_ name: String, _ device: TorchDevice) throws -> TorchModule {
        try withFile(name) { try TorchModule(path: $0, device: device, quantizedEngine: manifest.quantizedEngine) }
    }
}
