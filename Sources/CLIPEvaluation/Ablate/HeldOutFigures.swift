internal import CLIPCore

/// F1 and average precision of one category and one variant of its scores, on held-out images.
struct HeldOutFigures {
    struct Figures {
        let f1: Double
        let averagePrecision: Double
    }

    let ranked: RankedScores
    /// Partitions of the images into cross-validation folds.
    let partitions: [StratifiedFolds]
    let neutralMargin: Float

    /// The metrics of all images, then those of each resample; `nil` for a resample without a positive image.
    ///
    /// A resampled image counts as often as it was drawn and stays in its fold; thresholds are refitted in each
    /// resample. The same bootstrap seed draws the same images for every variant.
    func figures(_ bootstrap: BootstrapOptions) -> [Figures?] {
        let count = partitions.first?.assignment.count ?? 0
        var generator = SeededGenerator(seed: bootstrap.seed)
        return [figures(weights: [Int](repeating: 1, count: count))]
            + (0..<bootstrap.resamples).map { _ in figures(weights: generator.resampleWeights(count: count)) }
    }

    private func figures(weights: [Int]) -> Figures? {
        guard let averagePrecision = ranked.averagePrecision(weights: weights) else { return nil }
        let f1 = partitions.reduce(0) { $0 + (counts($1, weights: weights).f1 ?? 0) } / Double(partitions.count)
        return Figures(f1: f1, averagePrecision: averagePrecision)
    }

    /// The decisions for each fold, at the threshold of largest F1 of the other folds.
    private func counts(_ folds: StratifiedFolds, weights: [Int]) -> ConfusionCounts {
        var counts = ConfusionCounts()
        for part in 0..<folds.count {
            let training = zip(weights, folds.assignment).map { $1 == part ? 0 : $0 }
            let heldOut = zip(weights, folds.assignment).map { $1 == part ? $0 : 0 }
            let threshold = ranked.fit(.f1, margin: neutralMargin, weights: training).threshold
            counts += ranked.counts(threshold: threshold, margin: neutralMargin, weights: heldOut)
        }
        return counts
    }
}
