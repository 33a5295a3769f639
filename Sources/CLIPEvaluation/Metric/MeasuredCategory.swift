internal import CLIPCore

/// The labelled images of a category ranked by score, with the decisions.
struct MeasuredCategory {
    /// Precision, recall, F1, prevalence and average precision.
    static let metricCount = 5

    let ranking: RankedScores
    /// Whether each ranked image matches.
    private let isMatch: [Bool]

    /// The labelled images of a category, and which of them match.
    init(_ ranking: RankedScores, isMatch: (RankedScores.Item) -> Bool) {
        self.ranking = ranking
        self.isMatch = ranking.items.map(isMatch)
    }

    init(_ category: Int, _ images: LabelledEmbeddings, _ decisions: Decisions) {
        self.init(
            RankedScores(
                evidence: (0..<images.count).lazy.map { decisions.evidence(image: $0, category: category) },
                labels: images.truth(category: category)
            )
        ) { decisions.outcome(image: $0.row, category: category) == .match }
    }

    /// The labels by decision.
    var counts: ConfusionCounts<Int> {
        zip(ranking.items, isMatch).reduce(into: ConfusionCounts<Int>()) { counts, item in
            counts.add(isPositive: item.0.isPositive, isMatch: item.1)
        }
    }

    func counts(weights: [Double]) -> WeightedCounts {
        zip(ranking.items, isMatch).reduce(into: WeightedCounts()) { counts, item in
            counts.add(isPositive: item.0.isPositive, isMatch: item.1, weight: weights[item.0.row])
        }
    }

    /// Average precision, given ``counts(weights:)``; `nil` unless there are positive and negative images.
    func averagePrecision(_ counts: WeightedCounts, weights: [Double]) -> Double? {
        counts.hasBothClasses ? ranking.averagePrecision(weights: weights) : nil
    }

    /// Precision, recall, F1 and prevalence as shares of images.
    ///
    /// Recall, F1 and prevalence are known once every image is labelled, precision once every matching one is.
    func shares(weights: [Double]) -> [ShareMetric] {
        var (precision, recall, f1, prevalence) = (Share(), Share(), Share(), Share())
        var unmatched = [Double: Share]()
        for (item, isMatch) in zip(ranking.items, isMatch) {
            let weight = weights[item.row]
            prevalence.add(isSuccess: item.isPositive, weight: weight)
            if isMatch { precision.add(isSuccess: item.isPositive, weight: weight) }
            if item.isPositive { recall.add(isSuccess: isMatch, weight: weight) }
            if item.isPositive || isMatch { f1.add(isSuccess: item.isPositive && isMatch, weight: weight) }
            if !isMatch { unmatched[weight, default: Share()].add(isSuccess: item.isPositive, weight: weight) }
        }
        let isCensus = prevalence.hasUnitWeights
        let unseen = unmatched.filter { $0.key > 1 && $0.value.successTotal == 0 }
            .sorted { $0.key < $1.key }.reduce(into: Share()) { $0.add($1.value) }
        return [
            ShareMetric(share: precision, isCensus: precision.hasUnitWeights),
            ShareMetric(share: recall, unseen: unseen, isCensus: isCensus),
            ShareMetric(share: f1, isOverlap: true, unseen: unseen, isCensus: isCensus),
            ShareMetric(share: prevalence, isCensus: isCensus),
        ]
    }
}

extension WeightedCounts {
    /// Precision, recall and F1, with 0 for 0/0, or `nil` unless there are positive and negative images; and prevalence.
    var metrics: [Double?] {
        (hasBothClasses ? [precision ?? 0, recall ?? 0, f1 ?? 0] : [nil, nil, nil]) + [prevalence]
    }
}
