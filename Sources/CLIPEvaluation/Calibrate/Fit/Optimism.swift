/// By how much metrics are better on the images that thresholds and margin were fitted to than on others, by
/// cross-validation (Efron, 1983).
struct Optimism {
    /// For each category, the decisions on the held-out images of all fits.
    private var heldOut: [WeightedCounts]
    /// For each category, the sums of the metrics on the images of each fit.
    private var training: [[Double]]
    private var fits = 0.0
    private let foldCount: Int

    init(categoryCount: Int, foldCount: Int) {
        self.foldCount = foldCount
        heldOut = [WeightedCounts](repeating: WeightedCounts(), count: categoryCount)
        training = [[Double]](repeating: [0, 0, 0], count: categoryCount)
    }

    /// Fits to the other folds, and decides on one.
    mutating func add(_ fit: CalibrationFit, without part: Int, weights: [[Double]]) {
        let fitted = fit.fit(weights: weights.map { fit.folds.without(part, $0) })
        for (category, ranked) in fit.ranked.enumerated() {
            heldOut[category] += ranked.counts(
                threshold: fitted.thresholds[category].threshold,
                margin: fitted.margin,
                weights: fit.folds.only(part, weights[category])
            )
            let metrics = fitted.thresholds[category].counts.calibrated
            training[category] = zip(training[category], metrics).map(+)
        }
        fits += 1
    }

    /// The optimism of precision, recall and F1 of a fit to all images.
    ///
    /// Optimism is proportional to the inverse of the number of images (Efron, 1983), of which each fit saw all but one
    /// fold.
    func values(category: Int) -> [Double] {
        let seen = Double(foldCount - 1) / Double(foldCount)
        return zip(training[category], heldOut[category].calibrated).map { seen * ($0 / fits - $1) }
    }
}

extension WeightedCounts {
    /// Precision, recall and F1, with 0 for 0/0.
    var calibrated: [Double] { [precision ?? 0, recall ?? 0, f1 ?? 0] }
}
