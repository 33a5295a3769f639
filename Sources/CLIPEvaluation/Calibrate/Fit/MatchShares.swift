/// The labelled images of a category with how far each of them matches: 1 or 0, or a part of several decisions.
struct MatchShares {
    let ranked: RankedScores
    /// One per image, 0…1.
    let shares: [Double]

    func counts(weights: [Double]) -> WeightedCounts {
        ranked.items.reduce(into: WeightedCounts()) { counts, item in
            let (weight, share) = (weights[item.row], shares[item.row])
            counts.add(isPositive: item.isPositive, isMatch: true, weight: weight * share)
            counts.add(isPositive: item.isPositive, isMatch: false, weight: weight * (1 - share))
        }
    }

    /// Precision, recall and F1 with the intervals of shares (see ``MetricEstimate/with(_:isDrawn:)``).
    func estimates(
        _ estimates: [MetricEstimate?],
        weights: [Double],
        isDrawn: Bool,
        hasIntervals: Bool
    ) -> [MetricEstimate?] {
        guard hasIntervals else { return estimates }
        var (precision, recall, f1) = (Share(), Share(), Share(isOverlap: true))
        for item in ranked.items {
            let (weight, share) = (weights[item.row], shares[item.row])
            precision.add(item.isPositive ? 1 : 0, weight: weight, times: share)
            if item.isPositive { recall.add(share, weight: weight) }
            f1.add(item.isPositive ? share : 0, weight: weight, times: item.isPositive ? 1 : share)
        }
        return zip(estimates, [precision, recall, f1]).map { $0?.with($1, isDrawn: isDrawn) }
    }
}
