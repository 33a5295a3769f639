/// A share of weighted images.
struct Share {
    /// Whether the metric is F1: `2J / (1 + J)` of the share `J = TP / (TP + FP + FN)`, which grows with it.
    private let isOverlap: Bool
    private var successes = 0.0
    private var total = 0.0
    private var squares = 0.0

    init(isOverlap: Bool = false) {
        self.isOverlap = isOverlap
    }

    /// Adds an image.
    mutating func add(isSuccess: Bool, weight: Double) {
        if isSuccess { successes += weight }
        total += weight
        squares += weight * weight
    }

    /// Whether every image that there is was drawn, so that the share is known.
    var isCensus: Bool { total > 0 && squares == total }

    /// The number of images of equal weight that would tell as much (Kish, 1965).
    var effectiveCount: Double { squares == 0 ? 0 : total * total / squares }

    /// The 95 % confidence interval by the binomial distribution if the metric is `value`; 0…1 if there is no image.
    func interval(at value: Double) -> ClosedRange<Double> {
        guard total > 0 else { return 0...1 }
        let share = isOverlap ? value / (2 - value) : value
        let interval = Binomial(successes: share * effectiveCount, trials: effectiveCount).interval
        guard isOverlap else { return interval }
        func f1(_ overlap: Double) -> Double { 2 * overlap / (1 + overlap) }
        return f1(interval.lowerBound)...f1(interval.upperBound)
    }
}

extension MetricEstimate {
    /// The estimate of a share, less its optimism, with the interval of the binomial distribution.
    ///
    /// If the images were drawn with different probabilities, the interval is the resampled one, but resampling gives none
    /// where no image, or every image, is a success. Without a resampled interval there is none.
    func lowered(by optimism: Double = 0, share: Share, isDrawn: Bool) -> MetricEstimate {
        func inside(_ value: Double) -> Double { min(max(value, 0), 1) }
        let lowered = inside(value - optimism)
        guard let interval else { return MetricEstimate(value: lowered, interval: nil) }
        if isDrawn, share.isCensus, optimism == 0 { return MetricEstimate(value: lowered, interval: lowered...lowered) }
        guard isDrawn, value > 0, value < 1 else {
            return MetricEstimate(value: lowered, interval: share.interval(at: lowered))
        }
        return MetricEstimate(
            value: lowered,
            interval: inside(interval.lowerBound - optimism)...inside(interval.upperBound - optimism)
        )
    }
}
