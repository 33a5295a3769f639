/// The contributions of a category's components.
public struct AblatedCategory: Sendable {
    /// The contribution of one component.
    public struct Effect: Sendable, Hashable {
        /// The component.
        public let part: AblationPart
        /// F1 with the component minus F1 without it, each on held-out images.
        public let f1: MetricEstimate
        /// Average precision with the component minus average precision without it.
        public let averagePrecision: MetricEstimate
    }

    /// The category's name.
    public let name: String
    /// Number of images labelled as belonging to the category.
    package let positives: Int
    /// Number of images labelled as not belonging to it.
    package let negatives: Int
    /// F1 and average precision with all components, 0…1; `nil` if the category was skipped.
    public let complete: (f1: Double, averagePrecision: Double)?
    /// One effect per component.
    public let effects: [Effect]
    /// Why the category was skipped, in human-readable form; `nil` if it was measured.
    public let skippedReason: String?
}

extension MetricEstimate {
    /// The conclusion from a difference and its confidence interval.
    package enum Verdict: String, Sendable, Hashable {
        /// The interval is above 0.
        case helps
        /// The interval is below 0.
        case hurts
        /// The interval includes 0.
        case unclear = "no clear effect"
    }

    /// Whether the confidence interval of a difference excludes 0, and on which side.
    package var verdict: Verdict {
        guard let interval, !interval.contains(0) else { return .unclear }
        return value > 0 ? .helps : .hurts
    }

    /// Creates an estimate of a difference with its 95 % confidence interval: as many standard errors to either side as
    /// Student's distribution asks for, where the standard error is the standard deviation of the resampled differences.
    ///
    /// - Parameters:
    ///   - value: The difference.
    ///   - resamples: The resampled differences.
    ///   - rarerClass: The number of images of the rarer class, at least 2, to which the difference owes most of its
    ///     variance. Resampling `n` images understates it by `(n − 1)/n`, and the estimate of it has `n − 1` degrees of
    ///     freedom.
    init(difference value: Double, resamples: [Double], rarerClass: Int) {
        let count = Double(max(resamples.count, 2))
        let mean = resamples.reduce(0, +) / count
        let variance = resamples.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
        let freedom = Double(max(rarerClass, 2) - 1)
        let margin = Student.quantile(freedom: freedom) * (variance * (freedom + 1) / freedom).squareRoot()
        self.init(value: value, interval: value - margin...value + margin)
    }
}

/// Student's t distribution.
private enum Student {
    /// The 97.5th percentile: 12.7 for 1 degree of freedom, 1.96 for very many.
    static func quantile(freedom: Double) -> Double {
        var (low, high) = (0.0, 20.0)
        for _ in 0..<60 {
            let middle = (low + high) / 2
            let tails = Beta.distribution(freedom / (freedom + middle * middle), freedom / 2, 0.5)
            if tails > 0.05 { low = middle } else { high = middle }
        }
        return high
    }
}
