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
        Which of two bundles of a model to use, NAME and NAME-openvino: torch or openvino; auto takes the store's or, for a new store, measures both for a few seconds at first use and takes the faster (default: the bundle that --model names).
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
    /// What to tell the user, if anything.
    let message: String?

    /// Decides for a run.
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
        guard let option else {
            (bundle, message) = (named, nil)
            return
        }
        let bundles = try [named] + [model.bundleForOtherEngine()].compactMap(\.self)
        if let format = option.format {
            guard let found = bundles.first(where: { $0.encoderFormat == format }) else {
                throw CLIPError(
                    .notFound,
                    "\(named.path) is a bundle for \(named.encoderFormat.name), and \(model.pathForOtherEngine) is none for "
                        + "\(format.name). Export the model for it (Docs/ExportingModels.md), or omit --engine."
                )
            }
            (bundle, message) = (found, nil)
        } else if let store {
            // A store keeps its engine, whatever is fastest today.
            (bundle, message) = (bundles.first { $0.model.identity == store.modelIdentity } ?? named, nil)
        } else if bundles.count == 1 {
            let text = "There is no bundle \(model.pathForOtherEngine); --engine auto changes nothing."
            (bundle, message) = (named, text)
        } else if model.device != "cpu" {
            // Only libtorch uses GPUs.
            (bundle, message) = (bundles.first { $0.encoderFormat == .torchScript } ?? named, nil)
        } else {
            (bundle, message) = try await Self.fastest(of: bundles, model, precision)
        }
    }

    private static func fastest(
        of bundles: [ModelBundle],
        _ model: ModelOptions,
        _ precision: PrecisionOption?
    ) async throws -> (ModelBundle, String?) {
        var rates: [(bundle: ModelBundle, rate: Double)] = []
        var missing: [String] = []
        for bundle in bundles {
            do {
                let speeds = try await bundle.encoderSpeeds(on: model.engine(for: bundle))
                rates.append((bundle, Self.rate(speeds, bundle, precision)))
            } catch let error as CLIPError where [.missingLibrary, .device].contains(error.code) {
                missing.append(error.message)
            }
        }
        guard let best = rates.max(by: { $0.rate < $1.rate }) else {
            throw CLIPError(.missingLibrary, missing.joined(separator: " "))
        }
        let list = rates.map { "\($0.bundle.encoderFormat.name) \(Text.fixed($0.rate, digits: 0))" }
        let text = "The engines' speed on this machine, images/s: \(list.joined(separator: ", ")). "
        return (best.bundle, (missing + [text + "Using \(best.bundle.path)."]).joined(separator: " "))
    }

    /// Images a second in the precision that a run will have; 0 if the bundle does not have it.
    private static func rate(_ speeds: EncoderSpeeds, _ bundle: ModelBundle, _ precision: PrecisionOption?) -> Double {
        if precision == .auto || (precision == nil && !bundle.hasPrecisions) { return speeds.best.rate }
        let chosen = precision.flatMap { Precision(rawValue: $0.rawValue) } ?? .fp32
        return speeds.best(chosen)?.rate ?? 0
    }
}
