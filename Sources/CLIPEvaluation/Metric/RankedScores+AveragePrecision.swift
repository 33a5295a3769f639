extension RankedScores {
    /// Iterates over the distinct scores, from the highest to the lowest.
    ///
    /// - Parameters:
    ///   - weights: How often each row counts; an image of weight 0 is ignored.
    ///   - body: Receives each score, and the weight of the positive and of the negative images that have it or a higher
    ///     one.
    func forEachThreshold(weights: [Double], _ body: (_ score: Float, _ positives: Double, _ negatives: Double) -> Void)
    {
        var sums = (positives: 0.0, negatives: 0.0)
        var last: Float?
        for item in items where weights[item.row] > 0 {
            if let last, item.score != last { body(last, sums.positives, sums.negatives) }
            last = item.score
            let weight = weights[item.row]
            if item.isPositive { sums.positives += weight } else { sums.negatives += weight }
        }
        last.map { body($0, sums.positives, sums.negatives) }
    }

    /// Weighted average precision; `nil` if no image is positive.
    ///
    /// See ``PrecisionRecallCurve/averagePrecision``.
    func averagePrecision(weights: [Double]) -> Double? {
        var sum = 0.0
        var found = 0.0
        forEachThreshold(weights: weights) { _, positives, negatives in
            sum += (positives - found) * positives / (positives + negatives)
            found = positives
        }
        return found == 0 ? nil : sum / found
    }
}
