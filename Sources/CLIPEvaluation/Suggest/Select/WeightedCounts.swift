/// Weighted counts of correct and incorrect decisions about one category.
struct WeightedCounts {
    var truePositives = 0.0
    var falsePositives = 0.0
    var positives = 0.0

    /// `2 TP / (2 TP + FP + FN)`; 0 if no image is positive or matches.
    var f1: Double { ratio(2 * truePositives, truePositives + falsePositives + positives) }
    /// `TP / (TP + FP)`; 0 if no image matches.
    var precision: Double { ratio(truePositives, truePositives + falsePositives) }
    /// `TP / (TP + FN)`; 0 if no image is positive.
    var recall: Double { ratio(truePositives, positives) }

    private func ratio(_ part: Double, _ whole: Double) -> Double { whole > 0 ? part / whole : 0 }

    static func += (sum: inout WeightedCounts, other: WeightedCounts) {
        sum.truePositives += other.truePositives
        sum.falsePositives += other.falsePositives
        sum.positives += other.positives
    }
}

extension RankedScores {
    /// The threshold of largest F1 for weighted images; `nil` if no image passes the neutral test.
    ///
    /// It lies midway between two scores; of equally good ones, the smallest is chosen.
    func thresholdOfLargestF1(margin: Float, weights: [Double]) -> Float? {
        var counts = WeightedCounts()
        for item in items where item.isPositive { counts.positives += weights[item.row] }
        var best: (f1: Double, threshold: Float)?
        var last: Float?
        func consider(next: Float) {
            guard let last, counts.f1 >= best?.f1 ?? -1 else { return }
            best = (counts.f1, Self.middle(next, last))
        }
        for item in items where item.gap >= margin && weights[item.row] > 0 {
            if let last, item.score != last { consider(next: item.score) }
            last = item.score
            if item.isPositive {
                counts.truePositives += weights[item.row]
            } else {
                counts.falsePositives += weights[item.row]
            }
        }
        if let last { consider(next: last) }
        return best?.threshold
    }

    /// Compares decisions about weighted images with labels; if `threshold` is `nil`, no image matches.
    func counts(threshold: Float?, margin: Float, weights: [Double]) -> WeightedCounts {
        var counts = WeightedCounts()
        for item in items where weights[item.row] > 0 {
            if item.isPositive { counts.positives += weights[item.row] }
            guard let threshold, item.score >= threshold, item.gap >= margin else { continue }
            if item.isPositive {
                counts.truePositives += weights[item.row]
            } else {
                counts.falsePositives += weights[item.row]
            }
        }
        return counts
    }

    /// Average precision of weighted images; 0 if none is positive.
    func averagePrecision(weights: [Double]) -> Double {
        var (sum, positives, all, found, total) = (0.0, 0.0, 0.0, 0.0, 0.0)
        var last: Float?
        func close() {
            if all > 0 { sum += (positives - found) * positives / all }
            found = positives
        }
        for item in items where weights[item.row] > 0 {
            if let last, item.score != last { close() }
            last = item.score
            all += weights[item.row]
            if item.isPositive { positives += weights[item.row] }
        }
        close()
        total = positives
        return total > 0 ? sum / total : 0
    }
}
