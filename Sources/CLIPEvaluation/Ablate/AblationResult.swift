/// What the parts of a category's descriptions contribute.
public struct AblatedCategory: Sendable {
    /// What one part contributes.
    public struct Effect: Sendable, Hashable {
        /// The part.
        public let part: AblationPart
        /// F1 with the part less F1 without it, each at thresholds fitted to images that were not measured.
        public let f1: Difference
        /// Average precision with the part less average precision without it.
        public let averagePrecision: Difference
    }

    /// The category's name.
    public let name: String
    /// Images that are labelled as belonging to it.
    public let positives: Int
    /// Images that are labelled as not belonging to it.
    public let negatives: Int
    /// F1 and average precision with all parts, 0…1; `nil` when nothing was measured.
    public let complete: (f1: Double, averagePrecision: Double)?
    /// One effect for each part.
    public let effects: [Effect]
    /// Why nothing was measured, for a person, or `nil` when something was.
    public let skippedReason: String?
}

/// A difference between two figures of the same images, as a fraction of 1.
public struct Difference: Sendable, Hashable {
    /// What a difference says.
    public enum Verdict: String, Sendable, Hashable {
        /// The interval lies above 0.
        case helps
        /// The interval lies below 0.
        case hurts
        /// The interval holds 0.
        case unclear = "no clear effect"
    }

    /// The difference, −1…1.
    public let value: Double
    /// Half the width of the 95 % confidence interval: 1.96 standard errors.
    public let margin: Double

    /// The 95 % confidence interval.
    public var interval: ClosedRange<Double> { value - margin...value + margin }

    /// Whether the interval leaves only one sign possible.
    public var verdict: Verdict {
        if interval.contains(0) { return .unclear }
        return value > 0 ? .helps : .hurts
    }

    /// Joins a difference with its standard error, the standard deviation of its resamples.
    init(_ value: Double, resamples: [Double]) {
        let count = Double(max(resamples.count, 2))
        let mean = resamples.reduce(0, +) / count
        let squares = resamples.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        self.value = value
        // The 97.5th percentile of the normal distribution.
        margin = 1.959964 * (squares / (count - 1)).squareRoot()
    }
}
