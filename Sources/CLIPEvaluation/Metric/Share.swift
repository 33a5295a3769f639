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

    /// Adds an image of which a part, 0…1, is a success; it is one of the images only for a part `share`.
    mutating func add(_ success: Double, weight: Double, times share: Double = 1) {
        successes += weight * share * success
        total += weight * share
        squares += weight * weight * share
    }

    /// Adds an image.
    mutating func add(isSuccess: Bool, weight: Double) {
        add(isSuccess ? 1 : 0, weight: weight)
    }

    /// Whether every image that there is was drawn, so that the share is known.
    var isCensus: Bool { total > 0 && squares == total }

    /// The number of images of equal weight that would tell as much (Kish, 1965).
    var effectiveCount: Double { squares == 0 ? 0 : total * total / squares }

    /// The 95 % confidence interval by the binomial distribution; 0…1 if there is no image.
    var interval: ClosedRange<Double> {
        guard total > 0 else { return 0...1 }
        let share = Binomial(successes: successes / total * effectiveCount, trials: effectiveCount).interval
        guard isOverlap else { return share }
        func f1(_ overlap: Double) -> Double { 2 * overlap / (1 + overlap) }
        return f1(share.lowerBound)...f1(share.upperBound)
    }
}

extension MetricEstimate {
    /// The estimate of a share with the interval of the binomial distribution, which resampling cannot give where no
    /// image, or every image, is a success; resampled otherwise if the images were drawn with different probabilities.
    func with(_ share: Share, isDrawn: Bool) -> MetricEstimate {
        if isDrawn, share.isCensus { return MetricEstimate(value: value, interval: value...value) }
        guard !isDrawn || value == 0 || value == 1 else { return self }
        return MetricEstimate(value: value, interval: share.interval)
    }
}
