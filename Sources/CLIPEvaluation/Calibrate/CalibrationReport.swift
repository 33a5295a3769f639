internal import CLIPCore

/// Creates a ``CalibrationResult``: fits on all labels, and computes confidence intervals by the bootstrap.
///
/// Thresholds and margin are refitted on each resample, with all copies of an image in the same fold. Held-out metrics
/// are recomputed from the existing held-out decisions.
struct CalibrationReport {
    let fit: CalibrationFit
    let modelIdentity: String
    let categories: [String]
    /// The out-of-fold score of each category and image.
    let scores: [[Float]]
    /// How often each image counts.
    let weights: ImageWeights
    /// The held-out decision of each category and image.
    let matches: [[Bool]]

    /// Fits and resamples.
    ///
    /// - Throws: `CLIPError` with code `calibration` that names the categories that cannot reach the target.
    func result(_ bootstrap: BootstrapOptions, skipped: [CalibrationResult.Skipped]) throws -> CalibrationResult {
        let fitted = fit.fit(weights: weights.all)
        let thresholds = try reachedThresholds(fitted)
        let estimates = bootstrap.estimates(weights, figures)
        return CalibrationResult(
            modelIdentity: modelIdentity,
            categories: categories.indices.map { category in
                let own = estimates[1 + 4 * category..<5 + 4 * category].map(\.self)
                return CalibrationResult.Category(
                    name: categories[category],
                    threshold: thresholds[category],
                    thresholdInterval: own[0]?.interval,
                    counts: labels(category),
                    precision: own[1],
                    recall: own[2],
                    f1: own[3],
                    scores: scores[category],
                    heldOutMatches: matches[category]
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
    private func figures(weights: [[Double]]) -> [Double?] {
        let fitted = fit.fit(weights: weights)
        let margin: Double? = fit.hasNeutralTest ? Double(fitted.margin) : nil
        return [margin]
            + categories.indices.flatMap { category -> [Double?] in
                let counts = heldOutCounts(category, weights: weights[category])
                guard counts.positives > 0 else { return [nil, nil, nil, nil] }
                let threshold = fitted.thresholds[category].threshold.map(Double.init)
                return [threshold, counts.precision, counts.recall, counts.f1]
            }
    }

    private func heldOutCounts(_ category: Int, weights: [Double]) -> WeightedCounts {
        fit.ranked[category].items.reduce(into: WeightedCounts()) { counts, item in
            counts.add(isPositive: item.isPositive, isMatch: matches[category][item.row], weight: weights[item.row])
        }
    }

    /// The labels by held-out decision.
    private func labels(_ category: Int) -> ConfusionCounts {
        fit.ranked[category].items.reduce(into: ConfusionCounts()) { counts, item in
            counts.add(isPositive: item.isPositive, isMatch: matches[category][item.row])
        }
    }

    private func reachedThresholds(_ fitted: CalibrationFit.Fitted) throws -> [Float] {
        let problems = categories.indices.filter { !fitted.thresholds[$0].isReached }.map { category in
            let best = (fit.bestFigure(category: category, weights: weights.all) * 1000).rounded(.down) / 1000
            return "Category '\(categories[category])' cannot reach \(fit.target.text): the best possible value is "
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
