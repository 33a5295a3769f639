/// A metric that is a share of images, and what its interval depends on.
struct ShareMetric {
    var share = Share()
    /// Whether the metric is F1: `2J / (1 + J)` of the share `J = TP / (TP + FP + FN)`, which grows with it.
    var isOverlap = false
    /// The images among which positive ones may have been missed, which do not match; empty for other metrics.
    var unmatched = Share()
    /// Whether every image that there is was labelled, so that the metric is known.
    var isCensus = false

    /// The 95 % confidence interval by the binomial distribution if the metric is `value`; 0…1 if there is no image.
    func interval(at value: Double) -> ClosedRange<Double> {
        guard share.total > 0 else { return 0...1 }
        let part = isOverlap ? value / (2 - value) : value
        let trials = share.effectiveCount
        let interval = Binomial(successes: part * trials, trials: trials).interval
        let lower = min(interval.lowerBound, share.value == 1 ? lowestWithMissedImages : 1)
        guard isOverlap else { return lower...interval.upperBound }
        func f1(_ overlap: Double) -> Double { 2 * overlap / (1 + overlap) }
        return f1(lower)...f1(interval.upperBound)
    }

    /// The share if as many of the images that do not match are positive as their labels, none of which is, allow: where
    /// each stands for many, the positive images that match prove little.
    private var lowestWithMissedImages: Double {
        guard unmatched.total > 0 else { return 1 }
        let trials = unmatched.effectiveCount
        let missed = unmatched.total * Binomial(successes: 0, trials: trials).interval.upperBound
        return share.total / (share.total + missed)
    }
}

extension MetricEstimate {
    /// The estimate of a share, less its optimism, with the interval of the binomial distribution.
    ///
    /// If the images were drawn with different probabilities, the interval is the resampled one, but resampling gives none
    /// where no image, or every image, is a success. Without a resampled interval there is none.
    func lowered(by optimism: Double = 0, _ metric: ShareMetric, isDrawn: Bool) -> MetricEstimate {
        func inside(_ value: Double) -> Double { min(max(value, 0), 1) }
        let lowered = inside(value - optimism)
        guard let interval else { return MetricEstimate(value: lowered, interval: nil) }
        if isDrawn, metric.isCensus, optimism == 0 {
            return MetricEstimate(value: lowered, interval: lowered...lowered)
        }
        guard isDrawn, value > 0, value < 1 else {
            return MetricEstimate(value: lowered, interval: metric.interval(at: lowered))
        }
        return MetricEstimate(
            value: lowered,
            interval: inside(interval.lowerBound - optimism)...inside(interval.upperBound - optimism)
        )
    }
}
