internal import CLIPCore

/// Creates a ``CalibrationResult``: fits on all labels, and computes confidence intervals.
///
/// Those of thresholds and margin come from the bootstrap: both are refitted on each resample, with all copies of an image
/// in the same fold. Those of metrics are for the thresholds as they are: binomial, or resampled if images were drawn with
/// different probabilities.
struct CalibrationReport {
    let fit: CalibrationFit
    let modelIdentity: String
    let labels: LabelColumns
    /// The out-of-fold evidence, image by image.
    let evidence: [Evidence]
    let optimism: Optimism

    /// Fits and resamples.
    ///
    /// - Throws: `CLIPError` with code `calibration` that names the categories that cannot reach the target.
    func result(_ bootstrap: BootstrapOptions, skipped: [CalibrationResult.Skipped]) throws -> CalibrationResult {
        let weights = labels.weights
        let fitted = fit.fit(weights: weights.all)
        let thresholds = try reachedThresholds(fitted, weights)
        let categories = labels.categories.indices.map { category in
            CalibratedCategory(
                name: labels.categories[category],
                ranked: fit.ranked[category],
                threshold: thresholds[category],
                margin: fitted.margin
            )
        }
        let width = 1 + CalibratedCategory.metricCount
        let estimates = bootstrap.estimates(weights) { weights in
            let refitted = fit.fit(weights: weights)
            return [fit.hasNeutralTest ? Double(refitted.margin) : nil]
                + categories.indices.flatMap { category in
                    [refitted.thresholds[category].threshold.map(Double.init)]
                        + categories[category].metrics(weights: weights[category])
                }
        }
        return CalibrationResult(
            modelIdentity: modelIdentity,
            categories: categories.indices.map { category in
                let own = estimates[1 + width * category..<1 + width * (category + 1)].map(\.self)
                return categories[category].result(
                    thresholdInterval: own[0]?.interval,
                    metrics: Array(own[1...]),
                    optimism: optimism.values(category: category),
                    weights: weights.all[category],
                    isDrawn: labels.isDrawn(category: category),
                    scores: labels.ids.indices.map { evidence[$0 * categories.count + category].score }
                )
            },
            skipped: skipped,
            neutralMargin: fit.hasNeutralTest ? fitted.margin : nil,
            neutralMarginInterval: estimates[0]?.interval
        )
    }

    private func reachedThresholds(_ fitted: CalibrationFit.Fitted, _ weights: ImageWeights) throws -> [Float] {
        let problems = labels.categories.indices.filter { !fitted.thresholds[$0].isReached }.map { category in
            let best = (fit.bestValue(category: category, weights: weights.all) * 1000).rounded(.down) / 1000
            return
                "Category '\(labels.categories[category])' cannot reach \(fit.target.text): the best possible value is "
                + "\(best)."
        }
        guard problems.isEmpty else {
            throw CLIPError(
                .calibration,
                problems.joined(separator: " ") + " Lower the target, or improve the descriptions."
            )
        }
        return fitted.thresholds.compactMap(\.threshold)
    }
}
