internal import ArgumentParser
internal import CLIPCore
internal import CLIPModels

/// The value of `--engine`.
enum EngineOption: String, CaseIterable, ExpressibleByArgument {
    case torch
    case openvino
    case auto

    static let help = ArgumentHelp(
        """
        Which bundle of a model to use, NAME (torch) or NAME-openvino (openvino; in int8 NAME-openvino-int8); auto takes the store's or, for a new store, measures those that run in its precision for a few seconds at first use and takes the fastest (default: the bundle that --model names).
        """
    )

    /// The format of its bundles; `nil` for either.
    fileprivate var format: EncoderFormat? {
        switch self {
        case .torch: .torchScript
        case .openvino: .openVINO
        case .auto: nil
        }
    }
}

/// The bundle of a run.
struct RunEngine {
    let bundle: ModelBundle
    /// The precision to run in: the one that the user asked for, or that of a named bundle with one only if another bundle
    /// was taken.
    let precision: PrecisionOption?
    /// What to tell the user, if anything.
    let message: String?

    /// Decides for a run.
    ///
    /// Bundles are compared in one precision: the one that the user asked for, else the store's, else that of the named
    /// bundle, or fp32 if that is another format. `--precision auto` compares them all. On a GPU, nothing is measured.
    ///
    /// - Parameters:
    ///   - option: What the user asked for.
    ///   - store: How the vectors of an existing store were made.
    ///   - model: The model.
    ///   - precision: The precision that the user asked for.
    /// - Throws: `CLIPError` with code `notFound` if there is no bundle for the engine; what measuring throws.
    init(
        _ option: EngineOption?,
        store: Provenance?,
        model: ModelOptions,
        precision: PrecisionOption?
    ) async throws {
        let named = try model.bundle()
        // A store keeps its engine, whatever is fastest today.
        let isStored =
            named.model.identity == store?.modelIdentity
            && option?.format ?? named.encoderFormat == named.encoderFormat
        guard let option, !isStored || precision != nil else {
            (bundle, message) = (named, nil)
            self.precision = precision
            return
        }
        let recorded = PrecisionOption(rawValue: store?.precision ?? named.model.precision ?? "")
        let candidates = try EngineCandidates(
            named: named,
            folders: model.folders,
            format: option.format,
            device: model.device,
            precision: Precision(rawValue: (precision ?? recorded ?? .fp32).rawValue)
        )
        let (bundles, format) = (candidates.bundles, candidates.format)
        guard let first = bundles.first else {
            let other = model.folders.folder(format ?? named.encoderFormat, isQuantised: candidates.isQuantised)
            throw CLIPError(
                .notFound,
                "\(named.path) is a bundle for \(named.encoderFormat.name), and \(other) is none for "
                    + "\(format?.name ?? "another engine"). Export the model for it (Docs/ExportingModels.md), or omit --engine."
            )
        }
        let chosen: (bundle: ModelBundle, message: String?)
        if let stored = bundles.first(where: { $0.model.identity == store?.modelIdentity }) {
            chosen = (stored, nil)
        } else if bundles.count > 1, store == nil, model.device == "cpu" {
            chosen = try await candidates.fastest(on: model.engine)
        } else {
            let other: EncoderFormat = first.encoderFormat == .torchScript ? .openVINO : .torchScript
            let missing = model.folders.folder(other, isQuantised: candidates.isQuantised)
            let isAlone = option == .auto && store == nil && format == nil && first.path == named.path
            chosen = (first, isAlone ? "There is no bundle \(missing); --engine auto changes nothing." : nil)
        }
        (bundle, message) = chosen
        if chosen.bundle.hasPrecisions {
            let only = named.hasPrecisions ? nil : PrecisionOption(rawValue: named.model.precision ?? "")
            self.precision = precision ?? only
        } else {
            // What `auto` chose among several needs no choice among one.
            self.precision = precision == .auto && bundles.count > 1 ? nil : precision
        }
    }
}
