extension RankedScores {
    /// Goes through the different scores, from the highest to the lowest.
    ///
    /// - Parameters:
    ///   - weights: For each row how often it counts; an image of weight 0 is not there.
    ///   - body: Called with each score, and how many positive and how many negative images have it or a higher one.
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

    /// Average precision of the images as often as they count; `nil` when none is positive.
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
