public import CLIPCore
internal import CLIPDigest

/// A folder with all that is needed to use a model: encoders, tokenizer, preprocessing, and reference outputs.
///
/// ```swift
/// let bundle = try ModelBundle(path: "models/ViT-B-32")
/// let encoder = try bundle.imageEncoder(device: .cpu)
/// let embedder = try bundle.textEmbedder(device: .cpu)
/// ```
public struct ModelBundle: Sendable {
    /// The bundle's folder.
    public let path: String
    /// Identity, dimension and preprocessing of the model.
    public let model: ModelDescription
    let manifest: ModelManifest
    private let executor = TorchExecutor()

    /// Opens a bundle and checks that every file is there and unaltered.
    ///
    /// - Throws: `CLIPError` with code `notFound` when there is no bundle, `invalidModel` when its `model.json` is wrong
    ///   or a file is missing or altered.
    public init(path: String) throws {
        let manifestPath = "\(path)/model.json"
        let json: [UInt8]
        do {
            json = try FileBytes.read(manifestPath)
        } catch let error as CLIPError where error.code == .notFound {
            throw CLIPError(.notFound, "\(path) is not a model bundle: it has no model.json.")
        }
        manifest = try ModelManifest(json: json, path: manifestPath)
        model = manifest.modelDescription(sha256: SHA256.hexadecimal(of: json))
        self.path = path
        try verifyFiles()
    }

    /// Loads the image encoder.
    ///
    /// - Throws: `CLIPError` with code `invalidModel`, `device`, or `missingLibrary` when libtorch cannot be loaded.
    public func imageEncoder(device: TorchDevice = .cpu) throws -> TorchImageEncoder {
        let module = try module(manifest.image.file, device)
        return TorchImageEncoder(model: model, module: module, executor: executor)
    }

    /// Loads the tokenizer and the text encoder.
    ///
    /// - Throws: `CLIPError` with code `invalidModel`, `device`, or `missingLibrary` when libtorch cannot be loaded.
    public func textEmbedder(device: TorchDevice = .cpu) throws -> TextEmbedder {
        let module = try module(manifest.text.file, device)
        return TextEmbedder(
            tokenizer: try tokenizer(),
            encoder: TorchTextEncoder(model: model, module: module, executor: executor)
        )
    }

    /// What the bundle says about itself, for people: field and value.
    public var facts: [(field: String, value: String)] {
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
            ("sha256", model.sha256),
        ]
    }

    /// Path of one of the bundle's files.
    func file(_ name: String) -> String {
        "\(path)/\(name)"
    }

    private func module(_ name: String, _ device: TorchDevice) throws -> TorchModule {
        if let engine = manifest.quantizedEngine { try TorchRuntime.setQuantizedEngine(engine) }
        return try TorchModule(path: file(name), device: device)
    }

    private func verifyFiles() throws {
        for (name, expected) in manifest.files.sorted(by: { $0.key < $1.key }) {
            var hash = SHA256()
            do {
                try FileBytes.forEachChunk(bytesOfPath: Array(file(name).utf8)) { chunk, _ in
                    hash.update(chunk)
                }
            } catch let error as CLIPError where error.code == .notFound {
                throw CLIPError(
                    .invalidModel,
                    "The bundle \(path) is incomplete: \(name), which model.json lists, is missing. Export it again."
                )
            }
            let actual = hash.finish()
            guard actual == expected.lowercased() else {
                throw CLIPError(
                    .invalidModel,
                    "The bundle \(path) was altered: \(name) has sha256 \(actual.prefix(12))…, but model.json says "
                        + "\(expected.prefix(12))…. Export it again."
                )
            }
        }
    }
}
