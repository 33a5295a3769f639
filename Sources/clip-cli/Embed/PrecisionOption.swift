internal import ArgumentParser
internal import CLIPArrow
internal import CLIPCore
internal import CLIPModels

/// The value of `--precision`.
enum PrecisionOption: String, CaseIterable, ExpressibleByArgument {
    case fp32
    case bf16
    case int8
    case auto

    static let help = ArgumentHelp(
        """
        Number format of the image encoder on a CPU: fp32, bf16 or int8; auto measures them for a few seconds at first use and takes the fastest (default: the store's, or fp32). int8 is the fastest and changes vectors slightly.
        """
    )
}

/// The precision and batch size of a run.
struct RunPrecision {
    /// Fewer images do not gain what a measurement takes.
    private static let worthMeasuring = 10_000
    private static let worthMentioning = 1.2

    let precision: Precision
    let batchSize: Int?
    /// What to tell the user, if anything.
    let message: String?

    /// Decides for a run.
    ///
    /// - Parameters:
    ///   - option: What the user asked for.
    ///   - store: The precision that an existing store records.
    ///   - bundle: The model.
    ///   - engine: What runs it.
    ///   - imageCount: The number of images in the source, if it is known.
    ///   - running: Has the user's batch size, which precedes a measured one.
    /// - Throws: `CLIPError` with code `invalidModel` if the bundle does not run in fp32 and the user asked for it; what
    ///   measuring throws.
    init(
        _ option: PrecisionOption?,
        store: String?,
        bundle: ModelBundle,
        engine: InferenceEngine,
        imageCount: Int?,
        running: RunOptions
    ) async throws {
        let isFixed = !bundle.hasPrecisions || engine.runtime.device != "cpu"
        // That of a store of another bundle, which the store will refuse, says nothing of this one.
        let stored = store.flatMap(Precision.init(rawValue:)).flatMap { bundle.runs(in: $0) ? $0 : nil }
        switch option {
        case nil:
            precision = isFixed ? .fp32 : stored ?? .fp32
            batchSize = nil
            guard !isFixed, precision == .fp32, store == nil, imageCount ?? 0 >= Self.worthMeasuring,
                let speeds = await bundle.speedsForAdvice(on: engine)
            else {
                message = nil
                return
            }
            let gain = speeds.best(.fp32).map { speeds.best.rate / $0.rate } ?? 1
            message =
                gain < Self.worthMentioning
                ? nil
                : "\(Self.text(speeds)). Into a new store, --precision \(speeds.best.precision) encodes "
                    + "\(Text.fixed(gain, digits: 1)) times as fast; it changes vectors slightly (Docs/Performance.md)."
        case .auto:
            guard !isFixed else {
                (precision, batchSize) = (.fp32, nil)
                message = "This model runs in one precision only; --precision auto changes nothing."
                return
            }
            let speeds = try await bundle.encoderSpeeds(on: engine)
            // A store keeps its precision, whatever is fastest today.
            let chosen = stored.flatMap(speeds.best) ?? speeds.best
            precision = stored ?? Precision(rawValue: chosen.precision) ?? .fp32
            let size = running.batchSize(measured: chosen.batchSize, least: try bundle.imagesForAllThreads(of: engine))
            batchSize = size
            message = "\(Self.text(speeds)). Using \(precision.rawValue), batches of \(size)."
        case .fp32:
            // Also of a bundle that has another precision, `fp32` is the default.
            try bundle.requireNamed(.fp32)
            (precision, batchSize, message) = (.fp32, nil, nil)
        case .bf16: (precision, batchSize, message) = (.bf16, nil, nil)
        case .int8: (precision, batchSize, message) = (.int8, nil, nil)
        }
    }

    private static func text(_ speeds: EncoderSpeeds) -> String {
        let rates = Precision.allCases.compactMap { precision in
            speeds.best(precision).map { "\(precision.rawValue) \(Text.fixed($0.rate, digits: 0))" }
        }
        return "The encoder's speed on this machine, images/s: \(rates.joined(separator: ", "))"
    }
}
