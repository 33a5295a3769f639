internal import CLIPCore

/// Creates a ``CalibrationResult``: fits on all labels, and computes confidence intervals.
///
/// Those of thresholds and margin come from the bootstrap: both are refitted on each resample, with all copies of an image
/// in the same fold. Those of held-out metrics are binomial, or resampled if images were drawn with different
/// probabilities; they leave the decisions as they are.
struct CalibrationReport {
    let fit: CalibrationFit
    let modelIdentity: String
    let labels: LabelColumns
    /// The out-of-fold evidence, image by image.
    let evidence: [Evidence]
    let heldOut: HeldOutDecisions

    /// Fits and resamples.
    ///
    /// - Throws: `CLIPError` with code `calibration` that names the categories that cannot reach the target.
    func result(_ bootstrap: BootstrapOptions, skipped: [CalibrationResult.Skipped]) throws -> CalibrationResult {
        let weights = labels.weights
        let fitted = fit.fit(weights: weights.all)
        let thresholds = try reachedThresholds(fitted, weights)
        let shares = labels.categories.indices.map(heldOut.shares)
        let estimates = bootstrap.estimates(weights) { figures(weights: $0, shares) }
        let width = labels.categories.count
        return CalibrationResult(
            modelIdentity: modelIdentity,
            categories: labels.categories.indices.map { category in
                let own = estimates[1 + 4 * category..<5 + 4 * category].map(\.self)
                let measured = MatchShares(ranked: fit.ranked[category], shares: shares[category])
                let figures = measured.estimates(
                    Array(own[1...]),
                    weights: weights.all[category],
                    isDrawn: labels.isDrawn(category: category),
                    hasIntervals: bootstrap.resamples > 0
                )
                return CalibrationResult.Category(
                    name: labels.categories[category],
                    threshold: thresholds[category],
                    thresholdInterval: own[0]?.interval,
                    positives: labels.truth[category].count { $0 == true },
                    negatives: labels.truth[category].count { $0 == false },
                    precision: figures[0],
                    recall: figures[1],
                    f1: figures[2],
                    scores: labels.ids.indices.map { evidence[$0 * width + category].score },
                    heldOutMatches: shares[category],
                    tie: fit.ranked[category].tie(threshold: thresholds[category], margin: fitted.margin)
                )
            },
            skipped: skipped,
            neutralMargin: fit.hasNeutralTest ? fitted.margin : nil,
            neutralMarginInterval: estimates[0]?.interval
        )
    }

    /// The margin, then threshold, precision, recall and F1 of each category.
    ///
    /// A resample without a positive image of a category yields `nil` for that category.
    private func figures(weights: [[Double]], _ shares: [[Double]]) -> [Double?] {
        let fitted = fit.fit(weights: weights)
        let margin: Double? = fit.hasNeutralTest ? Double(fitted.margin) : nil
        return [margin]
            + labels.categories.indices.flatMap { category -> [Double?] in
                let measured = MatchShares(ranked: fit.ranked[category], shares: shares[category])
                let counts = measured.counts(weights: weights[category])
                guard counts.positives > 0 else { return [nil, nil, nil, nil] }
                let threshold = fitted.thresholds[category].threshold.map(Double.init)
                return [threshold, counts.precision, counts.recall, counts.f1]
            }
    }

    private func reachedThresholds(_ fitted: CalibrationFit.Fitted, _ weights: ImageWeights) throws -> [Float] {
        let problems = labels.categories.indices.filter { !fitted.thresholds[$0].isReached }.map { category in
            let best = (fit.bestFigure(category: category, weights: weights.all) * 1000).rounded(.down) / 1000
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
