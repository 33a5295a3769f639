internal import CLIPCore

/// F1 and average precision of one category and one variant of its scores, on held-out images.
struct HeldOutFigures {
    struct Figures {
        let f1: Double
        let averagePrecision: Double
    }

    let ranked: RankedScores
    /// How often each image counts.
    let weights: ImageWeights
    /// Partitions of the images into cross-validation folds.
    let partitions: [StratifiedFolds]
    let neutralMargin: Float

    /// The metrics of all images, then those of each resample; `nil` for a resample without a positive image.
    ///
    /// A resampled image counts as often as it was drawn and stays in its fold; thresholds are refitted in each
    /// resample. The same bootstrap seed draws the same images for every variant.
    func figures(_ bootstrap: BootstrapOptions) -> [Figures?] {
        var generator = SeededGenerator(seed: bootstrap.seed)
        return [figures(weights: weights.all[0])]
            + (0..<bootstrap.resamples).map { _ in figures(weights: weights.resample(&generator)[0]) }
    }

    private func figures(weights: [Double]) -> Figures? {
        guard let averagePrecision = ranked.averagePrecision(weights: weights) else { return nil }
        let f1 = partitions.reduce(0) { $0 + (counts($1, weights: weights).f1 ?? 0) } / Double(partitions.count)
        return Figures(f1: f1, averagePrecision: averagePrecision)
    }

    /// The decisions for each fold, at the threshold of largest F1 of the other folds.
    private func counts(_ folds: StratifiedFolds, weights: [Double]) -> WeightedCounts {
        var counts = WeightedCounts()
        for part in 0..<folds.count {
            let threshold = ranked.fit(.f1, margin: neutralMargin, weights: folds.without(part, weights)).threshold
            counts += ranked.counts(threshold: threshold, margin: neutralMargin, weights: folds.only(part, weights))
        }
        return counts
    }
}
