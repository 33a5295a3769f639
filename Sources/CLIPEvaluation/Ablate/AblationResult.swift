/// What the parts of a category's descriptions contribute.
public struct AblatedCategory: Sendable {
    /// What one part contributes.
    public struct Effect: Sendable, Hashable {
        /// The part.
        public let part: AblationPart
        /// F1 with the part less F1 without it, each at thresholds fitted to images that were not measured.
        public let f1: MetricEstimate
        /// Average precision with the part less average precision without it.
        public let averagePrecision: MetricEstimate
    }

    /// The category's name.
    public let name: String
    /// Images that are labelled as belonging to it.
    package let positives: Int
    /// Images that are labelled as not belonging to it.
    package let negatives: Int
    /// F1 and average precision with all parts, 0…1; `nil` when nothing was measured.
    public let complete: (f1: Double, averagePrecision: Double)?
    /// One effect for each part.
    public let effects: [Effect]
    /// Why nothing was measured, for a person, or `nil` when something was.
    public let skippedReason: String?
}

extension MetricEstimate {
    /// What a difference says.
    package enum Verdict: String, Sendable, Hashable {
        /// The interval lies above 0.
        case helps
        /// The interval lies below 0.
        case hurts
        /// The interval holds 0.
        case unclear = "no clear effect"
    }

    /// Whether the interval of a difference leaves only one sign possible.
    package var verdict: Verdict {
        guard let interval, !interval.contains(0) else { return .unclear }
        return value > 0 ? .helps : .hurts
    }

    /// Joins a difference with its 95 % interval: 1.96 standard errors, the standard deviation of its resamples, to both
    /// sides.
    init(difference value: Double, resamples: [Double]) {
        let count = Double(max(resamples.count, 2))
        let mean = resamples.reduce(0, +) / count
        let squares = resamples.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        // The 97.5th percentile of the normal distribution.
        let margin = 1.959964 * (squares / (count - 1)).squareRoot()
        self.init(value: value, interval: value - margin...value + margin)
    }
}
