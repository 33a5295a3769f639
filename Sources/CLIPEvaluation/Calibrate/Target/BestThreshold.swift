/// The threshold that comes closest to a target in a whole collection, whose rates of positive images are estimated from
/// drawn labels; see ``ThresholdModel``.
struct BestThreshold: Sendable {
    let threshold: Float
    /// The range of 95 % of the thresholds that are best in single draws of the rates.
    let interval: ClosedRange<Double>?
    /// The mean of the target's metric over the draws of the rates.
    let reached: Double
    /// What the threshold is worth.
    let estimate: SampleEstimate
}

extension CalibrationTarget {
    /// The measure that the target is about.
    var measure: SampledMeasure {
        switch self {
        case .f1: .f1
        case .precision: .precision
        case .recall: .recall
        case .quantile: preconditionFailure("a quantile needs no labels")
        }
    }

    /// Whether the target is reached.
    func isReached(by best: BestThreshold) -> Bool {
        switch self {
        case .precision(let goal), .recall(let goal): best.reached >= goal
        case .f1, .quantile: true
        }
    }

    /// The position of the wanted value of the measure among those of falling thresholds.
    func choice(_ values: [Double]) -> Int {
        switch self {
        case .precision(let goal): values.lastIndex { $0 >= goal } ?? values.indexOfLargest
        case .recall(let goal): values.firstIndex { $0 >= goal } ?? values.indexOfLargest
        case .f1, .quantile: values.indexOfLargest
        }
    }
}

extension [Double] {
    /// The first position of the largest number; 0 if there is none.
    fileprivate var indexOfLargest: Int { indices.max { (self[$0], $1) < (self[$1], $0) } ?? 0 }
}
