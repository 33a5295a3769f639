internal import CLIPCore
internal import CLIPModels

/// The bundles of a model that a run may use, at most one for each engine unless any precision will do.
struct EngineCandidates {
    private let precision: Precision?
    private let bundles: [ModelBundle]

    /// Chooses among a model's bundles.
    ///
    /// - Parameters:
    ///   - named: The bundle that the user named.
    ///   - others: The other bundles of the model, those to prefer first.
    ///   - precision: The precision of the run; `nil` or `auto` if any will do.
    init(named: ModelBundle, others: [ModelBundle], precision: PrecisionOption?) {
        let precision = precision.flatMap { Precision(rawValue: $0.rawValue) }
        self.precision = precision
        bundles = others.reduce(into: [named]) { bundles, other in
            if let precision {
                let hasEngine = bundles.contains { $0.encoderFormat == other.encoderFormat && $0.runs(in: precision) }
                guard other.runs(in: precision), !hasEngine else { return }
            }
            bundles.append(other)
        }
    }

    /// Whether the run is one in 8-bit integers.
    var isQuantised: Bool { precision == .int8 }

    /// Those for an engine, or for any, that run in the precision; the named one if none does.
    func bundles(for format: EncoderFormat?) -> [ModelBundle] {
        let suitable = bundles.filter { format == nil || $0.encoderFormat == format }
        guard let precision else { return suitable }
        let running = suitable.filter { $0.runs(in: precision) }
        return running.isEmpty ? suitable : running
    }

    /// The bundle that encodes the most images a second on this machine, and what to tell the user.
    ///
    /// An engine that is not installed is left out.
    ///
    /// - Throws: `CLIPError` with code `missingLibrary` if none is; what measuring throws.
    func fastest(
        of bundles: [ModelBundle],
        on engine: (ModelBundle) throws -> InferenceEngine
    ) async throws -> (bundle: ModelBundle, message: String?) {
        var found: [(bundle: ModelBundle, speed: EncoderSpeeds.Entry)] = []
        var missing: [String] = []
        for bundle in bundles {
            do {
                let speeds = try await bundle.encoderSpeeds(on: engine(bundle))
                guard let speed = precision.map(speeds.best) ?? speeds.best else { continue }
                found.append((bundle, speed))
            } catch let error as CLIPError where [.missingLibrary, .device].contains(error.code) {
                missing.append(error.message)
            }
        }
        guard let best = found.max(by: { $0.speed.rate < $1.speed.rate }) else {
            throw CLIPError(.missingLibrary, missing.joined(separator: " "))
        }
        let list = found.map { bundle, speed in
            "\(bundle.encoderFormat.name) \(Text.fixed(speed.rate, digits: 0)) in \(speed.precision)"
        }
        let text = "The engines' speed on this machine, images/s: \(list.joined(separator: ", ")). "
        return (best.bundle, (missing + [text + "Using \(best.bundle.path)."]).joined(separator: " "))
    }
}
