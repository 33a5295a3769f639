extension RankedScores {
    /// Iterates over the distinct scores, from the highest to the lowest.
    ///
    /// - Parameters:
    ///   - weights: How often each row counts; an image of weight 0 is ignored.
    ///   - body: Receives each score, and how many positive and how many negative images have it or a higher one.
    func forEachThreshold(weights: [Int], _ body: (_ score: Float, _ positives: Int, _ negatives: Int) -> Void) {
        var counts = (positives: 0, negatives: 0)
        var last: Float?
        for item in items where weights[item.row] > 0 {
            if let last, item.score != last { body(last, counts.positives, counts.negatives) }
            last = item.score
            let weight = weights[item.row]
            if item.isPositive { counts.positives += weight } else { counts.negatives += weight }
        }
        last.map { body($0, counts.positives, counts.negatives) }
    }

    /// Weighted average precision; `nil` if no image is positive.
    ///
    /// See ``PrecisionRecallCurve/averagePrecision``.
    func averagePrecision(weights: [Int]) -> Double? {
        var sum = 0.0
        var found = 0
        forEachThreshold(weights: weights) { _, positives, negatives in
            sum += Double(positives - found) * Double(positives) / Double(positives + negatives)
            found = positives
        }
        return found == 0 ? nil : sum / Double(found)
    }
}
