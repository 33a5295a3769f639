/// Precision, recall and F1 on held-out images, 0…1.
package struct HeldOutMetrics: Sendable, Hashable {
    /// The fraction of matching images that belong to the category.
    package internal(set) var precision = 0.0
    /// The fraction of images belonging to the category that match.
    package internal(set) var recall = 0.0
    /// The harmonic mean of precision and recall.
    package internal(set) var f1 = 0.0
}

extension StratifiedFolds {
    /// The pooled decisions about all folds, each at the threshold of largest F1 of the other folds.
    ///
    /// - Parameters:
    ///   - weights: How often each image counts.
    ///   - margin: Images with a smaller neutral gap cannot match.
    ///   - ranked: The scores with which a fold is decided.
    func heldOutCounts(
        _ weights: [Double],
        margin: Float,
        ranked: (_ fold: Int) -> RankedScores
    ) -> WeightedCounts {
        var counts = WeightedCounts()
        for fold in 0..<count {
            let ranked = ranked(fold)
            let threshold = ranked.fit(.f1, margin: margin, weights: without(fold, weights)).threshold
            counts += ranked.counts(threshold: threshold, margin: margin, weights: only(fold, weights))
        }
        return counts
    }
}
