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
    ///   - metrics: Estimates of ``metrics(weights:)``, whose intervals are replaced by those of shares.
    ///   - optimism: What is subtracted from the metrics.
    ///   - weights: How often each image counts.
    ///   - isDrawn: Whether images were drawn with known probabilities. Then there are no intervals, which resampling makes
    ///     much too narrow, unless all images of the collection are labelled.
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
            let estimate = metrics[index]?.lowered(by: optimism[index], shares[index], isDrawn: isDrawn)
            return isDrawn && !isCensus ? estimate?.with(interval: false) : estimate
        }
        return CalibrationResult.Category(
            name: name,
            threshold: threshold,
            thresholdInterval: isDrawn && !isCensus ? nil : interval,
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

    /// The category with its metrics as estimated for the whole collection.
    func result(
        thresholdInterval interval: ClosedRange<Double>?,
        _ estimate: SampleEstimate,
        hasIntervals: Bool,
        scores: [Float]
    ) -> CalibrationResult.Category {
        CalibrationResult.Category(
            name: name,
            threshold: threshold,
            thresholdInterval: hasIntervals ? interval : nil,
            positives: ranked.items.count(where: \.isPositive),
            negatives: ranked.items.count { !$0.isPositive },
            precision: estimate.precision.with(interval: hasIntervals),
            recall: estimate.recall.with(interval: hasIntervals),
            f1: estimate.f1.with(interval: hasIntervals),
            isEstimated: true,
            scores: scores,
            tie: ranked.tie(threshold: threshold, margin: margin)
        )
    }
}
