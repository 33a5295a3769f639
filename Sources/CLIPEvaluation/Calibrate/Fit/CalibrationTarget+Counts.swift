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
