internal import CLIPCache
public import CLIPCore
internal import CLIPDigest

/// A folder with everything needed to use a model: encoders, tokenizer, preprocessing and reference outputs.
///
/// ```swift
/// let bundle = try ModelBundle(named: "ViT-B-32", precision: .int8)
/// let encoder = try bundle.imageEncoder(on: .torch())
/// let embedder = bundle.textEmbedder(on: .torch())
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
    let thread = InferenceThread()

    /// Opens an installed bundle.
    ///
    /// Bundles are installed in `swift-openclip/models` in the user's cache folder (`$XDG_CACHE_HOME` or `~/.cache`).
    /// Only `model.json` is read; the other files are read when they are used.
    ///
    /// - Parameters:
    ///   - name: The name of an installed bundle, for example `default`; or a path: any text with a slash, or the name
    ///     of a bundle in the working directory.
    ///   - precision: The number format in which the image encoder computes on a CPU. A bundle with operators of
    ///     `libtorch-c` has all, and one for OpenVINO in 32-bit floats has `fp32` and `bf16`. The others run as they are
    ///     stored, which `fp32` selects too.
    ///   - usesCache: Whether verification results and text vectors are cached between runs, in `$OPENCLIP_CACHE` or
    ///     `swift-openclip` in the user's cache folder. A cache that cannot be written is not an error.
    /// - Throws: `CLIPError` with code `notFound` if there is no bundle, `invalidModel` if its `model.json` is invalid or
    ///   the bundle does not run in this precision, or `unreadable` if a bundle that is installed or in the working directory
    ///   belongs to another user, or everybody may write it. A path with a slash is used whoever owns it.
    public init(named name: String, precision: Precision = .fp32, usesCache: Bool = true) throws {
        try self.init(
            path: try ModelLibrary.trustedPath(of: name),
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
        if precision != .fp32 { try manifest.require(precision, path: path) }
        model = manifest.modelDescription(identity: SHA256.hexadecimal(of: json), precision: precision)
        self.precision = precision
        self.path = path
        self.cacheFolder = cacheFolder
        checkedFiles = CheckedFiles(folder: cacheFolder)
    }

    /// Opens a bundle that lies beside this one and that nobody has named.
    ///
    /// - Parameter path: Its folder.
    /// - Returns: The bundle, with the same cache.
    /// - Throws: What ``init(named:precision:usesCache:)`` throws; `CLIPError` with code `unreadable` if it belongs neither
    ///   to the caller, the administrator nor the owner of this bundle, or everybody may write it.
    package func neighbour(at path: String) throws -> ModelBundle {
        try ModelLibrary.requireTrusted(neighbour: path, of: self.path)
        return try ModelBundle(path: path, cacheFolder: cacheFolder)
    }

    /// The engine that the bundle's encoders are files of.
    package var encoderFormat: EncoderFormat { manifest.encoderFormat }

    /// Whether the bundle runs in several precisions on a CPU.
    package var hasPrecisions: Bool { manifest.precisions.count > 1 }

    /// Whether the bundle runs in a precision, on a CPU that has it.
    package func runs(in precision: Precision) -> Bool { manifest.precisions.contains(precision) }

    /// Requires that the bundle runs in a precision that the user named: as a default, `fp32` stands for any.
    ///
    /// - Throws: `CLIPError` with code `invalidModel` that says in what it runs.
    package func requireNamed(_ precision: Precision) throws { try manifest.require(precision, path: path) }

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

    /// The bundle's description of itself for display: fields and values.
    package var facts: [(field: String, value: String)] {
        [
            ("name", manifest.name),
            ("engine", manifest.encoderFormat.name),
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
        return " A model named '\(name)' is installed: pass that name alone, without a folder."
    }

    /// The path of a file in the bundle.
    func file(_ name: String) -> String {
        "\(path)/\(name)"
    }
}
