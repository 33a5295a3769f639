internal import CLIPCore

/// Creates a ``CalibrationResult``: fits on all labels, and computes confidence intervals.
///
/// Those of thresholds and margin come from the bootstrap: both are refitted on each resample, with all copies of an image
/// in the same fold. Those of metrics are for the thresholds as they are, and binomial.
///
/// With the scores of the collection, the thresholds of categories whose labels were drawn are fitted to these at the margin
/// of the fit (``ThresholdModel``). Without them, drawn labels are weighted, and there are no intervals: resampling weighted
/// labels gives some that are much too narrow.
struct CalibrationReport {
    let fit: CalibrationFit
    let modelIdentity: String
    let labels: LabelColumns
    /// The out-of-fold evidence, image by image.
    let evidence: [Evidence]
    let optimism: Optimism
    /// The scores of the collection, if known.
    let collection: CollectionAtMargin?

    /// Fits and resamples.
    ///
    /// - Throws: `CLIPError` with code `calibration` that names the categories that cannot reach the target; what scoring
    ///   the collection throws.
    func result(_ bootstrap: BootstrapOptions, skipped: [CalibrationResult.Skipped]) async throws -> CalibrationResult {
        let weights = labels.weights
        let fitted = fit.fit(weights: weights.all)
        let best = try await bestThresholds(fitted, seed: bootstrap.seed)
        let thresholds = try reachedThresholds(fitted, best, weights)
        let categories = labels.categories.indices.map { category in
            CalibratedCategory(
                name: labels.categories[category],
                ranked: fit.ranked[category],
                threshold: thresholds[category],
                margin: fitted.margin
            )
        }
        let width = 1 + CalibratedCategory.metricCount
        let isResampled = fit.hasNeutralTest || best.contains { $0 == nil }
        let estimates = (isResampled ? bootstrap : BootstrapOptions(resamples: 0)).estimates(weights) { weights in
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
                let scores = labels.ids.indices.map { evidence[$0 * categories.count + category].score }
                if let best = best[category] {
                    return categories[category].result(
                        thresholdInterval: best.interval,
                        best.estimate,
                        hasIntervals: bootstrap.resamples > 0,
                        scores: scores
                    )
                }
                let own = estimates[1 + width * category..<1 + width * (category + 1)].map(\.self)
                return categories[category].result(
                    thresholdInterval: own[0]?.interval,
                    metrics: Array(own[1...]),
                    optimism: optimism.values(category: category),
                    weights: weights.all[category],
                    isDrawn: labels.isDrawn(category: category),
                    scores: scores
                )
            },
            skipped: skipped,
            neutralMargin: fit.hasNeutralTest ? fitted.margin : nil,
            neutralMarginInterval: estimates[0]?.interval
        )
    }

    /// The best thresholds in the collection of the categories whose labels were drawn; `nil` for others, and without the collection's scores.
    private func bestThresholds(_ fitted: CalibrationFit.Fitted, seed: UInt64) async throws -> [BestThreshold?] {
        guard let collection, labels.categories.indices.contains(where: labels.isDrawn) else {
            return labels.categories.map { _ in nil }
        }
        let weights = labels.weights.all
        return labels.fitted(
            to: try await collection(fitted.margin),
            starts: zip(fit.ranked, weights).map { $0.fit(.f1, margin: fitted.margin, weights: $1).threshold },
            seed: seed
        ) { model, _ in
            model.best(fit.target)
        }
    }

    private func reachedThresholds(
        _ fitted: CalibrationFit.Fitted,
        _ best: [BestThreshold?],
        _ weights: ImageWeights
    ) throws -> [Float] {
        let missed = labels.categories.indices.filter { category in
            best[category].map { !fit.target.isReached(by: $0) } ?? !fitted.thresholds[category].isReached
        }
        let problems = missed.map { category in
            let value = best[category]?.reached ?? fit.bestValue(category: category, weights: weights.all)
            let best = (value * 1000).rounded(.down) / 1000
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
        return zip(best, fitted.thresholds).compactMap { $0?.threshold ?? $1.threshold }
    }
}
