internal import CLIPCore

extension ThresholdCalibration {
    /// A confidence in percent, for example `95 %` or `99.99 %`, with as many digits as it has.
    package static func percent(_ confidence: Double) -> String {
        let digits = (0..<15).first { digits in
            Double(DecimalText.fixed(100 * confidence, digits: digits)).map { abs($0 / 100 - confidence) < 1e-15 }
                ?? false
        }
        return DecimalText.fixed(100 * confidence, digits: digits ?? 15) + " %"
    }

    /// Thresholds that reach the target with a confidence, at the current margin.
    ///
    /// The metrics of drawn labels are estimates for the collection, in which the images match that pass the neutral test.
    ///
    /// - Throws: `CLIPError` with code `calibration` if no category has such a threshold, with advice for each.
    func promised(
        _ confidence: Double,
        _ modelIdentity: String,
        _ labels: LabelColumns,
        _ evidence: [Evidence],
        margin: Float,
        collection: CollectionScores?
    ) throws -> CalibrationResult {
        let refusal = "\(target.text) cannot be promised with \(Self.percent(confidence)) confidence"
        let weights = labels.weights
        let promise = ThresholdPromise(target: target, confidence: confidence)
        let width = labels.categories.count
        var categories = [CalibrationResult.Category]()
        var skipped = [CalibrationResult.Skipped]()
        for (index, name) in labels.categories.enumerated() {
            let own = labels.ids.indices.map { evidence[$0 * width + index] }
            if let image = own.firstIndex(where: { !$0.isFinite }) {
                throw CLIPError.notFinite(id: labels.ids[image], category: name)
            }
            let ranked = RankedScores(evidence: own, labels: labels.truth[index])
            switch promise.find(ranked, margin: margin, weights: weights.all[index]) {
            case .threshold(let threshold):
                let category = CalibratedCategory(name: name, ranked: ranked, threshold: threshold, margin: margin)
                categories.append(result(category, index, own.map(\.score), labels, collection))
            case .shortage(let advice):
                skipped.append(
                    CalibrationResult.Skipped(
                        name: name,
                        reason: refusal,
                        isUnlabelled: !StratifiedFolds.hasAny(labels.truth[index]),
                        advice: advice
                    )
                )
            }
        }
        guard !categories.isEmpty else {
            throw CLIPError(
                .calibration,
                "\(refusal).",
                cause: ErrorList(skipped.map { "'\($0.name)': \($0.advice ?? $0.reason)" })
            )
        }
        return CalibrationResult(
            modelIdentity: modelIdentity,
            categories: categories,
            skipped: skipped,
            neutralMargin: nil,
            neutralMarginInterval: nil
        )
    }

    /// A category with a promised threshold, and its metrics.
    private func result(
        _ category: CalibratedCategory,
        _ index: Int,
        _ scores: [Float],
        _ labels: LabelColumns,
        _ collection: CollectionScores?
    ) -> CalibrationResult.Category {
        let labels = labels.of([index])
        let weights = labels.weights
        let start = category.ranked.fit(.f1, margin: category.margin, weights: weights.all[0]).threshold
        let estimate = collection.flatMap { collection in
            labels.fitted(to: collection, starts: [start], seed: bootstrap.seed) { model, _ in
                model.estimate(threshold: category.threshold)
            }[0]
        }
        if let estimate {
            return category.result(
                thresholdInterval: nil,
                estimate,
                hasIntervals: bootstrap.resamples > 0,
                scores: scores
            )
        }
        return category.result(
            thresholdInterval: nil,
            metrics: bootstrap.estimates(weights) { category.metrics(weights: $0[0]) },
            optimism: [0, 0, 0],
            weights: weights.all[0],
            isDrawn: labels.isDrawn(category: 0),
            scores: scores
        )
    }
}
