/// Fitted thresholds, and their metrics on held-out images.
public struct CalibrationResult: Sendable {
    /// One category.
    public struct Category: Sendable {
        /// The category's name.
        public let name: String
        /// The score from which an image matches, fitted on all labels.
        public let threshold: Float
        /// The 95 % interval of thresholds refitted on resampled images; `nil` without resamples.
        public let thresholdInterval: ClosedRange<Double>?
        /// The agreement of the held-out decisions with the labels.
        package let counts: ConfusionCounts
        /// The fraction of matching held-out images that are positive; `nil` if none matches.
        public let precision: MetricEstimate?
        /// The fraction of positive held-out images that match.
        public let recall: MetricEstimate?
        /// The harmonic mean of precision and recall.
        public let f1: MetricEstimate?
        /// The score of each image from a rule that did not learn from it.
        package let scores: [Float]
        /// Whether each image matches by a threshold and margin fitted without it.
        package let heldOutMatches: [Bool]
    }

    /// A category with too few labels.
    public struct Skipped: Sendable, Hashable {
        /// The category's name.
        public let name: String
        /// What is missing, for example `3 positive labels (at least 10 are needed)`.
        public let reason: String
    }

    /// The categories with enough labels, in their original order.
    public let categories: [Category]
    /// The categories with too few labels, which were not fitted.
    public let skipped: [Skipped]
    /// The margin, fitted on all labels; `nil` if no category has a neutral test.
    public let neutralMargin: Float?
    /// The 95 % interval of margins refitted on resampled images; `nil` without resamples or margin.
    package let neutralMarginInterval: ClosedRange<Double>?
}
