extension CalibrationTarget {
    /// The metric that the target constrains or maximizes; 0 if no image matches.
    func figure(_ counts: ConfusionCounts) -> Double {
        switch self {
        case .f1: counts.f1 ?? 0
        case .precision: counts.precision ?? 0
        case .recall: counts.recall ?? 0
        case .quantile: preconditionFailure("a quantile needs no labels")
        }
    }

    /// Whether the target is reached.
    func isReached(by counts: ConfusionCounts) -> Bool {
        switch self {
        case .f1: counts.truePositives > 0
        case .precision(let goal), .recall(let goal): figure(counts) >= goal
        case .quantile: preconditionFailure("a quantile needs no labels")
        }
    }

    /// The quality of held-out decisions, −1…1: F1, or the metric that the target maximizes minus the shortfall of the
    /// metric that it constrains.
    func objective(_ counts: ConfusionCounts) -> Double {
        switch self {
        case .f1: counts.f1 ?? 0
        case .precision(let goal): (counts.recall ?? 0) - max(0, goal - figure(counts))
        case .recall(let goal): (counts.precision ?? 0) - max(0, goal - figure(counts))
        case .quantile: preconditionFailure("a quantile needs no labels")
        }
    }
}
