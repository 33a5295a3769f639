internal import CLIPCore
internal import CLIPTokenizers
internal import FoundationEssentials

/// The contents of a bundle's `model.json`.
struct ModelManifest: Decodable {
    struct Image: Decodable {
        let file: String
        let size: [Int]
        let resizeMode: PreprocessingSpec.ResizeMode
        let interpolation: PreprocessingSpec.Interpolation
        let fillColor: UInt8?
        /// Whose preprocessing it is; open_clip's in bundles that do not say.
        let convention: Convention?
        let inputLayout: String
        let batch: Batch?

        /// How images are encoded on a CPU so that they do not influence each other's vectors.
        enum Batch: String, Decodable {
            /// As one batch: the encoder has shown that every vector has the same bits in every batch.
            case joint
            /// Each alone, on one thread. Also for bundles that do not say, such as those of release 0.1.
            case single
        }
    }

    struct Text: Decodable {
        let file: String
        let tokenizer: TokenizerManifest
        let cleaning: TextCleaning
        let contextLength: Int
        let padding: Padding

        enum Padding: String, Decodable {
            case context
            case longest
        }
    }

    struct Golden: Decodable {
        let file: String
    }

    let formatVersion: Int
    /// The engine that the encoders are files of; TorchScript in bundles that do not say.
    let engine: EncoderFormat?
    let name: String
    let origin: String
    let description: String
    /// The format of the encoders' stored weights: `fp32`, `fp16`, `bf16` or, in version 1, `int8`.
    let precision: String
    /// Whether the encoders hold operators of `libtorch-c`, which run in any ``Precision``.
    let operators: Bool?
    let quantizedEngine: String?
    let embeddingDimension: Int
    let logitScale: Double?
    let logitBias: Double?
    let image: Image
    let text: Text
    let golden: Golden
    let files: [String: String]
}

extension ModelManifest {
    /// Version 1 is that of release 0.1, whose modules have no operators.
    private static let supportedVersions = 1...2
    private static let supportedLayout = "NHWC-uint8"
    private static let networkSuffix = ".xml"

    /// Reads and validates a manifest.
    ///
    /// - Throws: `CLIPError` with code `invalidModel` that names the file and the field.
    init(json: [UInt8], path: String) throws {
        self = try JSONFile.decode(Self.self, from: json, path: path)
        func require(_ condition: Bool, _ field: String, _ problem: String) throws {
            guard condition else { throw CLIPError(.invalidModel, "\(path): '\(field)' \(problem).") }
        }
        try require(
            Self.supportedVersions.contains(formatVersion),
            "format_version",
            "is \(formatVersion); this version of the library supports 1 and 2"
        )
        try require(1...65_536 ~= embeddingDimension, "embedding_dimension", "must be from 1 to 65536")
        try require(
            image.size.count == 2 && image.size.allSatisfy { 1...16_384 ~= $0 },
            "image.size",
            "must be [height, width], each from 1 to 16384"
        )
        try require(
            image.inputLayout == Self.supportedLayout,
            "image.input_layout",
            "is '\(image.inputLayout)'; only '\(Self.supportedLayout)' is supported"
        )
        try require(2...65_536 ~= text.contextLength, "text.context_length", "must be from 2 to 65536")
        try require(
            logitScale.map { $0 > 0 && $0.isFinite } ?? true,
            "logit_scale",
            "must be a positive number or null"
        )
        for name in [image.file, text.file] where encoderFormat == .openVINO {
            try require(name.hasSuffix(Self.networkSuffix), "engine", "is openvino, but \(name) is no .xml file")
        }
        for name in files.keys.sorted() {
            let steps = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            let isInside = steps.allSatisfy { !$0.isEmpty && !$0.elementsEqual("..".utf8) && !$0.contains(0) }
            try require(isInside, "files", "lists '\(name)', which is not inside the bundle")
        }
        let encoders = files(ofEncoder: image.file) + files(ofEncoder: text.file)
        for file in encoders + [golden.file] + text.tokenizer.files {
            try require(files[file] != nil, "files", "does not list \(file), which the model needs")
        }
    }

    /// The engine that the encoders are files of.
    var encoderFormat: EncoderFormat { engine ?? .torchScript }

    /// The precisions in which the image encoder runs on a CPU that has them; empty for one of release 0.1 whose format
    /// is none of them.
    var precisions: [Precision] {
        if operators == true { return Precision.allCases }
        guard let stored = Precision(rawValue: precision) else { return [] }
        return encoderFormat == .openVINO && stored == .fp32 ? [.fp32, .bf16] : [stored]
    }

    /// Requires that the image encoder runs in a precision, on a CPU that has it.
    ///
    /// - Throws: `CLIPError` with code `invalidModel`.
    func require(_ precision: Precision, path: String) throws {
        guard !precisions.contains(precision) else { return }
        let has = precisions.map(\.rawValue).joined(separator: " or ")
        throw CLIPError(
            .invalidModel,
            "\(path) runs \(precisions.count > 1 ? "in \(has)" : "only as it is stored (\(self.precision))"), not in "
                + "\(precision.rawValue). Omit the precision, or export the model again (Docs/ExportingModels.md)."
        )
    }

    /// The weight format, and the precisions that it runs in.
    var precisionText: String {
        guard precisions.count > 1 else { return precision }
        return "\(precision); on a CPU also \(precisions.dropFirst().map(\.rawValue).joined(separator: " or "))"
    }

    /// Whether images that are encoded together on a CPU do not influence each other's vectors.
    var runsImagesTogether: Bool { image.batch == .joint }

    /// The files of an encoder, the one that it is loaded by first.
    func files(ofEncoder name: String) -> [String] {
        switch encoderFormat {
        case .torchScript: [name]
        // A network, and its weights beside it.
        case .openVINO: [name, name.dropLast(Self.networkSuffix.count) + ".bin"]
        }
    }

    /// What the library needs to know about the model.
    ///
    /// - Parameters:
    ///   - identity: The SHA-256 of this file.
    ///   - chosen: The precision in which it runs, if it has several.
    /// - Returns: The description.
    func modelDescription(identity: String, precision chosen: Precision) -> ModelDescription {
        var model = ModelDescription(
            name: name,
            identity: identity,
            embeddingDimension: embeddingDimension,
            preprocessing: image.preprocessing,
            logitScale: logitScale,
            logitBias: logitBias
        )
        model.precision = precisions.count > 1 ? chosen.rawValue : precision
        model.engine = encoderFormat.rawValue
        return model
    }
}

extension ModelManifest.Image {
    fileprivate var preprocessing: PreprocessingSpec {
        var spec = PreprocessingSpec(
            height: size[0],
            width: size[1],
            resizeMode: resizeMode,
            interpolation: interpolation,
            fill: fillColor ?? 0
        )
        spec.convention = convention ?? .openCLIP
        return spec
    }
}
