internal import CLIPCore

/// The goal of fitting thresholds.
public enum CalibrationTarget: Sendable, Hashable {
    /// The largest F1, the harmonic mean of precision and recall.
    case f1
    /// The largest recall with at least this precision, above 0 and at most 1.
    case precision(Double)
    /// The largest threshold with at least this recall, above 0 and at most 1.
    case recall(Double)
    /// A quantile of the scores of background images, without labels, above 0 and below 1; see ``BackgroundScores``.
    case quantile(Double)

    /// Parses `f1`, `precision=0.95`, `recall=0.9` or `background-quantile=0.99`, in upper or lower case.
    ///
    /// - Throws: `CLIPError` with code `calibration` that lists the valid targets.
    package init(_ text: String) throws {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let value = parts.count == 2 ? Double(parts[1]) : nil
        switch (parts[0].lowercased(), value) {
        case ("f1", nil) where parts.count == 1:
            self = .f1
        case ("precision", let value?) where value > 0 && value <= 1:
            self = .precision(value)
        case ("recall", let value?) where value > 0 && value <= 1:
            self = .recall(value)
        case ("background-quantile", let value?) where value > 0 && value < 1:
            self = .quantile(value)
        default:
            throw CLIPError(
                .calibration,
                "Unknown target '\(text)'. Use f1, precision=P, recall=R or background-quantile=Q, each with a number "
                    + "between 0 and 1, for example precision=0.95."
            )
        }
    }

    /// The name of the metric, for example `precision`.
    var name: String { String(text.prefix { $0 != "=" }) }

    /// Whether the target can be promised with a confidence: no number of labels proves a precision or a recall of 1, and
    /// nothing else can be promised.
    package var canBePromised: Bool {
        switch self {
        case .precision(let goal), .recall(let goal): goal < 1
        case .f1, .quantile: false
        }
    }

    /// The target in its text form, for example `precision=0.95`.
    package var text: String {
        switch self {
        case .f1: "f1"
        case .precision(let value): "precision=\(value)"
        case .recall(let value): "recall=\(value)"
        case .quantile(let value): "background-quantile=\(value)"
        }
    }
}

extension CalibrationTarget {
    /// Sums of weights that are not whole are rounded: nine of ten equal ones may be a little less than 0.9.
    private static let rounding = 1e-12

    /// The metric that the target constrains or maximizes; 0 if no image matches.
    func metric(_ counts: WeightedCounts) -> Double {
        switch self {
        case .f1: counts.f1 ?? 0
        case .precision: counts.precision ?? 0
        case .recall: counts.recall ?? 0
        case .quantile: preconditionFailure("a quantile needs no labels")
        }
    }

    /// Whether the target is reached.
    func isReached(by counts: WeightedCounts) -> Bool {
        switch self {
        case .f1: counts.truePositives > 0
        case .precision(let goal), .recall(let goal): metric(counts) >= goal - Self.rounding
        case .quantile: preconditionFailure("a quantile needs no labels")
        }
    }

    /// The quality of held-out decisions, −1…1: F1, or the metric that the target maximizes minus the shortfall of the
    /// metric that it constrains.
    func objective(_ counts: WeightedCounts) -> Double {
        switch self {
        case .f1: counts.f1 ?? 0
        case .precision(let goal): (counts.recall ?? 0) - max(0, goal - metric(counts))
        case .recall(let goal): (counts.precision ?? 0) - max(0, goal - metric(counts))
        case .quantile: preconditionFailure("a quantile needs no labels")
        }
    }
}
