extension CalibrationTarget {
    /// The figure that the target is about; 0 when nothing matches.
    func figure(_ counts: ConfusionCounts) -> Double {
        switch self {
        case .f1: counts.f1 ?? 0
        case .precision: counts.precision ?? 0
        case .recall: counts.recall ?? 0
        case .quantile: preconditionFailure("a quantile needs no labels")
        }
    }

    /// Whether the figure is what it must be.
    func isReached(by counts: ConfusionCounts) -> Bool {
        switch self {
        case .f1: counts.truePositives > 0
        case .precision(let goal), .recall(let goal): figure(counts) >= goal
        case .quantile: preconditionFailure("a quantile needs no labels")
        }
    }

    /// How good held-out decisions are, −1…1: F1, or the figure that the target leaves free less what the figure that it
    /// fixes falls short of its goal.
    func objective(_ counts: ConfusionCounts) -> Double {
        switch self {
        case .f1: counts.f1 ?? 0
        case .precision(let goal): (counts.recall ?? 0) - max(0, goal - figure(counts))
        case .recall(let goal): (counts.precision ?? 0) - max(0, goal - figure(counts))
        case .quantile: preconditionFailure("a quantile needs no labels")
        }
    }
}
