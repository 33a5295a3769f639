/// A category with its threshold, and the metrics of that threshold.
struct CalibratedCategory {
    /// Precision, recall and F1.
    static let metricCount = 3

    let name: String
    let ranked: RankedScores
    let threshold: Float
    let margin: Float
    private let measured: MeasuredCategory

    init(name: String, ranked: RankedScores, threshold: Float, margin: Float) {
        self.name = name
        self.ranked = ranked
        self.threshold = threshold
        self.margin = margin
        measured = MeasuredCategory(ranked) { $0.gap >= margin && $0.score >= threshold }
    }

    /// Precision, recall and F1 of the threshold as it is; `nil` without a positive image.
    func metrics(weights: [Double]) -> [Double?] {
        let counts = measured.counts(weights: weights)
        return counts.positives > 0 ? [counts.precision, counts.recall, counts.f1] : [nil, nil, nil]
    }

    /// - Parameters:
    ///   - interval: The interval of the threshold.
    ///   - metrics: Estimates of ``metrics(weights:)``, whose intervals are replaced by those of shares unless images were
    ///     drawn with different probabilities.
    ///   - optimism: What is subtracted from the metrics.
    ///   - weights: How often each image counts.
    ///   - isDrawn: Whether images were drawn with known probabilities.
    ///   - scores: The scores of all images.
    /// - Returns: The category with its metrics.
    func result(
        thresholdInterval interval: ClosedRange<Double>?,
        metrics: [MetricEstimate?],
        optimism: [Double],
        weights: [Double],
        isDrawn: Bool,
        scores: [Float]
    ) -> CalibrationResult.Category {
        var shares = measured.shares(weights: weights)
        // A new threshold may lie among images of which few were drawn: the labelled matches are not all matches.
        let isCensus = shares[3].isCensus
        let estimates = metrics.indices.map { index in
            shares[index].isCensus = isCensus
            return metrics[index]?.lowered(by: optimism[index], shares[index], isDrawn: isDrawn)
        }
        return CalibrationResult.Category(
            name: name,
            threshold: threshold,
            thresholdInterval: interval,
            positives: ranked.items.count(where: \.isPositive),
            negatives: ranked.items.count { !$0.isPositive },
            precision: estimates[0],
            recall: estimates[1],
            f1: estimates[2],
            isEstimated: false,
            scores: scores,
            tie: ranked.tie(threshold: threshold, margin: margin)
        )
    }

    /// The category with a threshold that is best in the whole collection, and its metrics there.
    func result(_ best: BestThreshold, hasIntervals: Bool, scores: [Float]) -> CalibrationResult.Category {
        CalibrationResult.Category(
            name: name,
            threshold: threshold,
            thresholdInterval: hasIntervals ? best.interval : nil,
            positives: ranked.items.count(where: \.isPositive),
            negatives: ranked.items.count { !$0.isPositive },
            precision: best.estimate.precision.with(interval: hasIntervals),
            recall: best.estimate.recall.with(interval: hasIntervals),
            f1: best.estimate.f1.with(interval: hasIntervals),
            isEstimated: true,
            scores: scores,
            tie: ranked.tie(threshold: threshold, margin: margin)
        )
    }
}
