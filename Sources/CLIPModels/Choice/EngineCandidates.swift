internal import CLIPCore

/// The bundles of a model that a run may use, at most one for each engine unless any precision will do.
package struct EngineCandidates {
    private let precision: Precision?
    /// The engine that the bundles are for; `nil` for any.
    package let format: EncoderFormat?
    /// The bundles: those that run in the precision or, if none does, the named one if it is for the engine.
    package let bundles: [ModelBundle]

    /// Chooses among a model's bundles, and opens no others.
    ///
    /// - Parameters:
    ///   - named: The bundle that the user named.
    ///   - folders: The folders of the model's bundles.
    ///   - format: The engine; `nil` for any that uses the device.
    ///   - device: The device of the run.
    ///   - precision: The precision of the run; `nil` if any will do.
    /// - Throws: `CLIPError` with code `modelMismatch` if one is a bundle of another model; what opening it throws.
    package init(
        named: ModelBundle,
        folders: BundleFolders,
        format: EncoderFormat?,
        device: String,
        precision: Precision?
    ) throws {
        // Only libtorch uses GPUs.
        let format = format ?? (device == "cpu" ? nil : .torchScript)
        func isEngine(_ candidate: EncoderFormat) -> Bool { format == nil || candidate == format }
        var bundles = isEngine(named.encoderFormat) ? [named] : []
        for engine in [EncoderFormat.torchScript, .openVINO] where isEngine(engine) {
            for path in folders.others(for: engine, in: precision) {
                let hasEngine = bundles.contains { bundle in
                    precision.map { bundle.encoderFormat == engine && bundle.runs(in: $0) } ?? false
                }
                guard !hasEngine, let other = try Self.bundle(beside: named, at: path) else { continue }
                guard isEngine(other.encoderFormat), precision.map(other.runs) ?? true else { continue }
                bundles.append(other)
            }
        }
        let running = precision.map { precision in bundles.filter { $0.runs(in: precision) } } ?? bundles
        self.precision = precision
        self.format = format
        self.bundles = running.isEmpty ? bundles : running
    }

    private static func bundle(beside named: ModelBundle, at path: String) throws -> ModelBundle? {
        let other: ModelBundle
        do {
            other = try named.neighbour(at: path)
        } catch let error as CLIPError where error.code == .notFound {
            return nil
        }
        try named.requireSameModel(as: other)
        return other
    }

    /// Whether the run is one in 8-bit integers.
    package var isQuantised: Bool { precision == .int8 }

    /// The bundle that encodes the most images a second on this CPU, and what to tell the user.
    ///
    /// An engine that is not installed is left out, and a bundle for whose precision this CPU has no instructions.
    ///
    /// - Parameter engine: What runs a bundle, on the CPU.
    /// - Returns: The bundle, and what to tell the user.
    /// - Throws: `CLIPError` with code `missingLibrary` or `device` if none is left; what measuring throws.
    package func fastest(
        on engine: (ModelBundle) throws -> InferenceEngine
    ) async throws -> (bundle: ModelBundle, message: String) {
        var found: [(bundle: ModelBundle, speed: EncoderSpeeds.Entry)] = []
        var missing: [CLIPError] = []
        var other: Set<String> = []
        for bundle in bundles {
            do {
                let speeds = try await bundle.encoderSpeeds(on: engine(bundle))
                if let speed = speeds.best(precision) {
                    found.append((bundle, speed))
                } else {
                    other.formUnion(speeds.entries.map(\.precision))
                }
            } catch let error as CLIPError where [.missingLibrary, .device].contains(error.code) {
                missing.append(error)
            }
        }
        guard let best = found.max(by: { $0.speed.rate < $1.speed.rate }) else {
            throw missing.count < bundles.count ? lacking(other, missing) : Self.joined(missing)
        }
        let list = found.map { bundle, speed in
            "\(bundle.encoderFormat.name) \(DecimalText.fixed(speed.rate, digits: 1)) in \(speed.precision)"
        }
        let text = "The engines' speed on this machine, images/s: \(list.joined(separator: ", ")). "
        return (best.bundle, (missing.map(\.message) + [text + "Using \(best.bundle.path)."]).joined(separator: " "))
    }

    /// The error if this CPU lacks the precision, and has others.
    private func lacking(_ others: Set<String>, _ missing: [CLIPError]) -> CLIPError {
        let has = Precision.allCases.map(\.rawValue).filter(others.contains).joined(separator: " or ")
        let problem = precision.map { "This CPU has no instructions for \($0.rawValue)" }
        let advice = has.isEmpty ? "." : "; the model runs on it in \(has). Pass that with --precision."
        return Self.joined([CLIPError(.device, (problem ?? "No bundle of the model is for CPUs") + advice)] + missing)
    }

    /// Several errors as one, with the first one's code.
    private static func joined(_ errors: [CLIPError]) -> CLIPError {
        CLIPError(errors.first?.code ?? .device, errors.map(\.message).joined(separator: " "))
    }
}
