/// A metric that is a share of images, and what its interval depends on.
struct ShareMetric {
    var share = Share()
    /// Whether the metric is F1: `2J / (1 + J)` of the share `J = TP / (TP + FP + FN)`, which grows with it.
    var isOverlap = false
    /// For metrics that missed images lower, the images that do not match and were drawn with a probability with which no
    /// positive one that does not match was drawn; those that were certain to be drawn stand for no others.
    var unseen = Share()
    /// Whether every image that there is was labelled, so that the metric is known.
    var isCensus = false

    /// The 95 % confidence interval by the binomial distribution if the metric is `value`; 0…1 if there is no image.
    func interval(at value: Double) -> ClosedRange<Double> {
        guard share.total > 0 else { return 0...1 }
        let part = isOverlap ? value / (2 - value) : value
        let trials = share.effectiveCount
        let interval = Binomial(successes: part * trials, trials: trials).interval
        return metric(interval.lowerBound)...metric(interval.upperBound)
    }

    /// An interval that extends to the metric's value if as many of the unseen images are positive as their labels, none of
    /// which is, allow: where each stands for many, the positive images that match prove little.
    func allowingForUnseen(_ interval: ClosedRange<Double>) -> ClosedRange<Double> {
        guard unseen.total > 0 else { return interval }
        let missed = unseen.total * Binomial(successes: 0, trials: unseen.effectiveCount).interval.upperBound
        let lowest = metric(share.successTotal / (share.total + missed))
        return min(interval.lowerBound, lowest)...interval.upperBound
    }

    private func metric(_ share: Double) -> Double { isOverlap ? 2 * share / (1 + share) : share }
}

extension MetricEstimate {
    /// The estimate of a share, less its optimism, with the interval of the binomial distribution.
    ///
    /// If the images were drawn with different probabilities, the interval is the resampled one, but resampling gives none
    /// where no image, or every image, is a success, and knows nothing of positive images where none was drawn. Without a
    /// resampled interval there is none.
    func lowered(by optimism: Double = 0, _ metric: ShareMetric, isDrawn: Bool) -> MetricEstimate {
        func inside(_ value: Double) -> Double { min(max(value, 0), 1) }
        let lowered = inside(value - optimism)
        guard let interval else { return MetricEstimate(value: lowered, interval: nil) }
        if isDrawn, metric.isCensus, optimism == 0 {
            return MetricEstimate(value: lowered, interval: lowered...lowered)
        }
        guard isDrawn, value > 0, value < 1 else {
            return MetricEstimate(value: lowered, interval: metric.allowingForUnseen(metric.interval(at: lowered)))
        }
        let resampled = inside(interval.lowerBound - optimism)...inside(interval.upperBound - optimism)
        return MetricEstimate(value: lowered, interval: metric.allowingForUnseen(resampled))
    }
}
