/// Fitted thresholds and how good they are on images that were not used to fit them.
public struct CalibrationResult: Sendable {
    /// One category.
    public struct Category: Sendable {
        /// The category's name.
        public let name: String
        /// The score from which an image belongs to the category, fitted on all labels.
        public let threshold: Float
        /// Where thresholds that are fitted on resampled images lie; `nil` without resamples.
        public let thresholdInterval: ClosedRange<Double>?
        /// How the held-out decisions agree with the labels.
        package let counts: ConfusionCounts
        /// Share of the matching held-out images that are positive; `nil` when none matches.
        public let precision: MetricEstimate?
        /// Share of the positive held-out images that match.
        public let recall: MetricEstimate?
        /// Harmonic mean of both.
        public let f1: MetricEstimate?
        /// For each image the score that it has from a rule which did not learn from it.
        package let scores: [Float]
        /// For each image whether it matches by a threshold and a margin that were fitted without it.
        package let heldOutMatches: [Bool]
    }

    /// A category with too few labels.
    public struct Skipped: Sendable, Hashable {
        /// The category's name.
        public let name: String
        /// What is missing, for example `3 positive labels (at least 10 are needed)`.
        public let reason: String
    }

    /// The categories with enough labels, in the order they were given.
    public let categories: [Category]
    /// The categories with too few labels, for which nothing was fitted.
    public let skipped: [Skipped]
    /// The margin, fitted on all labels; `nil` when no category makes a neutral test.
    public let neutralMargin: Float?
    /// Where margins that are chosen on resampled images lie; `nil` without resamples or margin.
    package let neutralMarginInterval: ClosedRange<Double>?
}
