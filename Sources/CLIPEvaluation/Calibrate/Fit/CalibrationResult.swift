/// Fitted thresholds, and their metrics on held-out images if there were labels.
public struct CalibrationResult: Sendable {
    /// One category.
    public struct Category: Sendable {
        /// The category's name.
        public let name: String
        /// The score from which an image matches, fitted on all images, or promised with a confidence.
        public let threshold: Float
        /// The 95 % interval of thresholds refitted on resampled images, or to draws of the collection's rates from drawn
        /// labels; `nil` without labels or resamples.
        public let thresholdInterval: ClosedRange<Double>?
        /// Number of images labelled as belonging to the category.
        package let positives: Int
        /// Number of images labelled as not belonging to it.
        package let negatives: Int
        /// The fraction of matching images that are positive, as estimated for other images, or for the whole collection
        /// from drawn labels; `nil` if none matches, or without labels.
        public let precision: MetricEstimate?
        /// The fraction of positive images that match, as estimated for other images; `nil` without labels.
        public let recall: MetricEstimate?
        /// The harmonic mean of precision and recall; `nil` without labels.
        public let f1: MetricEstimate?
        /// Whether the metrics are estimates over the whole collection by the model of its rates, from drawn labels.
        package let isEstimated: Bool
        /// The score of each image from a rule that did not learn from it; empty without labels.
        package let scores: [Float]
        /// Images on both sides of the decision that have the same score; `nil` if there are none.
        package let tie: ScoreTie?
    }

    /// Labelled images of both classes with the same score, the lowest that matches: no threshold separates them.
    package struct ScoreTie: Sendable, Hashable {
        /// Their score.
        package let score: Float
        /// Number of positive images with this score.
        package let positives: Int
        /// Number of negative images with this score.
        package let negatives: Int
    }

    /// A category with too few labels.
    public struct Skipped: Sendable, Hashable {
        /// The category's name.
        public let name: String
        /// What is missing, for example `3 positive labels (at least 10 are needed)`.
        public let reason: String
        /// Whether no image is labelled.
        package let isUnlabelled: Bool
        /// How many more labels are needed, and of which images; `nil` if unknown.
        public internal(set) var advice: String?
    }

    /// The identity of the model that the thresholds are valid for.
    package let modelIdentity: String
    /// The fitted categories, in their original order.
    public let categories: [Category]
    /// The categories with too few labels, which were not fitted.
    public let skipped: [Skipped]
    /// The margin, fitted on all labels; `nil` without labels, with a confidence, or if no category has a neutral test.
    public let neutralMargin: Float?
    /// The 95 % interval of margins refitted on resampled images; `nil` without resamples or margin.
    package let neutralMarginInterval: ClosedRange<Double>?
}

extension CalibrationResult {
    /// Thresholds that were fitted without labels.
    init(modelIdentity: String, unlabelled thresholds: [(name: String, threshold: Float)]) {
        self.init(
            modelIdentity: modelIdentity,
            categories: thresholds.map { name, threshold in
                Category(
                    name: name,
                    threshold: threshold,
                    thresholdInterval: nil,
                    positives: 0,
                    negatives: 0,
                    precision: nil,
                    recall: nil,
                    f1: nil,
                    isEstimated: false,
                    scores: [],
                    tie: nil
                )
            },
            skipped: [],
            neutralMargin: nil,
            neutralMarginInterval: nil
        )
    }
}
