extension RankedScores {
    /// The threshold that a target asks for, for a given neutral margin.
    ///
    /// A threshold lies in the middle between the lowest score that matches and the next one below it, so that rounding
    /// does not decide; below the lowest score by half the last step. Among thresholds that are equally good the smallest
    /// is taken.
    ///
    /// - Parameters:
    ///   - target: What to fit for.
    ///   - margin: Images with a smaller gap cannot match.
    ///   - weights: For each row how often it counts; an image of weight 0 is not there.
    /// - Returns: The threshold, or the one nearest to the target when it cannot be reached.
    func fit(_ target: CalibrationTarget, margin: Float, weights: [Int]) -> ThresholdFit {
        var counts = ConfusionCounts()
        for item in items where item.isPositive {
            counts.positives += weights[item.row]
        }
        var best = ThresholdFit(threshold: nil, counts: counts, isReached: false)
        /// The two lowest different scores so far.
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

    /// A number above `low` and at most `high`, halfway if there is one.
    static func middle(_ low: Float, _ high: Float) -> Float {
        let middle = low + (high - low) / 2
        return middle > low ? middle : high
    }
}

/// A threshold and what it does to the images that it was fitted on.
struct ThresholdFit {
    /// `nil` when no image passes the neutral test.
    let threshold: Float?
    let counts: ConfusionCounts
    /// Whether the target is reached; otherwise this is as near to it as can be.
    let isReached: Bool

    /// Whether a lower threshold with these counts is to be preferred.
    fileprivate func isWorse(than other: ConfusionCounts, for target: CalibrationTarget) -> Bool {
        guard threshold != nil else { return true }
        let otherReaches = target.isReached(by: other)
        guard isReached == otherReaches else { return otherReaches }
        if case .recall = target {
            // The first threshold that reaches the recall is the largest; before that, recall only grows.
            return !isReached && other.truePositives > counts.truePositives
        }
        return isReached && target != .f1 ? true : target.figure(other) >= target.figure(counts)
    }
}
