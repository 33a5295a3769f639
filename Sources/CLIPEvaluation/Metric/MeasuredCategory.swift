internal import CLIPCore

/// The labelled images of a category ranked by score, with the decisions.
struct MeasuredCategory {
    /// Precision, recall, F1, prevalence and average precision.
    static let figureCount = 5

    let ranking: RankedScores
    /// Whether each ranked image matches.
    private let isMatch: [Bool]

    init(_ category: Int, _ images: LabelledEmbeddings, _ decisions: Decisions) {
        ranking = RankedScores(
            evidence: (0..<images.count).lazy.map { decisions.evidence(image: $0, category: category) },
            labels: images.truth(category: category)
        )
        isMatch = ranking.items.map { decisions.outcome(image: $0.row, category: category) == .match }
    }

    /// The labels by decision.
    var counts: ConfusionCounts {
        zip(ranking.items, isMatch).reduce(into: ConfusionCounts()) { counts, item in
            counts.add(isPositive: item.0.isPositive, isMatch: item.1)
        }
    }

    func counts(weights: [Double]) -> WeightedCounts {
        zip(ranking.items, isMatch).reduce(into: WeightedCounts()) { counts, item in
            counts.add(isPositive: item.0.isPositive, isMatch: item.1, weight: weights[item.0.row])
        }
    }

    /// Precision, recall, F1 and prevalence as shares of images.
    func shares(weights: [Double]) -> [Share] {
        var (precision, recall, f1, prevalence) = (Share(), Share(), Share(isOverlap: true), Share())
        for (item, isMatch) in zip(ranking.items, isMatch) {
            let weight = weights[item.row]
            prevalence.add(isSuccess: item.isPositive, weight: weight)
            if isMatch { precision.add(isSuccess: item.isPositive, weight: weight) }
            if item.isPositive { recall.add(isSuccess: isMatch, weight: weight) }
            if item.isPositive || isMatch { f1.add(isSuccess: item.isPositive && isMatch, weight: weight) }
        }
        return [precision, recall, f1, prevalence]
    }
}

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

    mutating func add(isSuccess: Bool, weight: Double) {
        if isSuccess { successes += weight }
        total += weight
        squares += weight * weight
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

extension WeightedCounts {
    /// Precision, recall and F1, with 0 for 0/0, or `nil` unless there are positive and negative images; and prevalence.
    var figures: [Double?] {
        (hasBothClasses ? [precision ?? 0, recall ?? 0, f1 ?? 0] : [nil, nil, nil]) + [prevalence]
    }
}
