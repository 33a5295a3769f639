internal import CLIPCore

/// F1 and average precision of one category and one variant of its scores, on held-out images.
struct HeldOutVariant {
    struct Metrics {
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
    func metrics(_ bootstrap: BootstrapOptions) -> [Metrics?] {
        var generator = SeededGenerator(seed: bootstrap.seed)
        return [metrics(weights: weights.all[0])]
            + (0..<bootstrap.resamples).map { _ in metrics(weights: weights.resample(&generator)[0]) }
    }

    private func metrics(weights: [Double]) -> Metrics? {
        guard let averagePrecision = ranked.averagePrecision(weights: weights) else { return nil }
        let f1 = partitions.reduce(0) { sum, folds in
            sum + (folds.heldOutCounts(weights, margin: neutralMargin) { _ in ranked }.f1 ?? 0)
        }
        return Metrics(f1: f1 / Double(partitions.count), averagePrecision: averagePrecision)
    }
}
