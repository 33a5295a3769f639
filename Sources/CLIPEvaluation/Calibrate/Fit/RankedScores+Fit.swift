extension RankedScores {
    /// Fits the threshold for a target and a given neutral margin.
    ///
    /// A threshold lies midway between the lowest matching score and the next lower one, so that rounding has no
    /// effect; below the lowest score, it lies half of the last step lower. Of equally good thresholds, the smallest is
    /// chosen.
    ///
    /// - Parameters:
    ///   - target: The goal of the fit.
    ///   - margin: Images with a smaller neutral gap cannot match.
    ///   - weights: How often each row counts; an image of weight 0 is ignored.
    /// - Returns: The threshold, or the one closest to the target if the target cannot be reached.
    func fit(_ target: CalibrationTarget, margin: Float, weights: [Double]) -> ThresholdFit {
        var counts = WeightedCounts()
        for item in items where item.isPositive {
            counts.positives += weights[item.row]
        }
        var best = ThresholdFit(threshold: nil, counts: counts, isReached: false)
        /// The two lowest distinct scores so far.
        var scores: (last: Float, before: Float?)?
        func consider(next: Float?) {
            guard let scores, best.isWorse(than: counts, for: target) else { return }
            let below = next ?? scores.before.map { scores.last - ($0 - scores.last) } ?? scores.last
            best = ThresholdFit(
                threshold: Self.middle(below, scores.last),
                counts: counts,
                isReached: target.isReached(by: counts)
            )
        }
        for item in items where item.gap >= margin && weights[item.row] > 0 {
            if let (last, _) = scores {
                if item.score != last {
                    consider(next: item.score)
                    scores = (item.score, last)
                }
            } else {
                scores = (item.score, nil)
            }
            let weight = weights[item.row]
            if item.isPositive { counts.truePositives += weight } else { counts.falsePositives += weight }
        }
        consider(next: nil)
        return best
    }

    /// The images of both classes with the lowest score that matches; `nil` if they are of one class.
    func tie(threshold: Float, margin: Float) -> CalibrationResult.ScoreTie? {
        let passing = items.filter { $0.gap >= margin }
        guard let lowest = passing.last(where: { $0.score >= threshold })?.score else { return nil }
        let tied = passing.filter { $0.score == lowest }
        let positives = tied.count(where: \.isPositive)
        guard positives > 0, positives < tied.count else { return nil }
        return .init(score: lowest, positives: positives, negatives: tied.count - positives)
    }
}

/// A threshold and its metrics on the images it was fitted to.
struct ThresholdFit {
    /// `nil` if no image passes the neutral test.
    let threshold: Float?
    let counts: WeightedCounts
    /// Whether the target is reached; otherwise this is the closest threshold.
    let isReached: Bool

    /// Whether a lower threshold with these counts is better.
    fileprivate func isWorse(than other: WeightedCounts, for target: CalibrationTarget) -> Bool {
        guard threshold != nil else { return true }
        let otherReaches = target.isReached(by: other)
        guard isReached == otherReaches else { return otherReaches }
        if case .recall = target {
            // The first threshold that reaches the recall is the largest; before it, recall only grows.
            return !isReached && other.truePositives > counts.truePositives
        }
        return isReached && target != .f1 ? true : target.metric(other) >= target.metric(counts)
    }
}
