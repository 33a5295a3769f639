extension Evaluation.Category {
    /// The category with precision, recall, F1 and prevalence as estimated from the scores of the whole collection.
    func estimated(by estimate: SampleEstimate, hasIntervals: Bool) -> Evaluation.Category {
        Evaluation.Category(
            name: name,
            counts: counts,
            weighted: weighted,
            unknownCount: unknownCount,
            metrics: Evaluation.Metrics(
                precision: estimate.precision.with(interval: hasIntervals),
                recall: estimate.recall.with(interval: hasIntervals),
                f1: estimate.f1.with(interval: hasIntervals)
            ),
            averagePrecision: averagePrecision,
            prevalence: estimate.prevalence.with(interval: hasIntervals)
        )
    }
}

extension Evaluation.Metrics {
    /// The metrics of all pairs of image and category; `nil` unless there are labels and each category with labels has an
    /// estimate.
    init?(pooling estimates: [SampleEstimate?], of categories: [Evaluation.Category], hasIntervals: Bool) {
        let known = estimates.compactMap(\.self)
        let isComplete = zip(estimates, categories).allSatisfy { estimate, category in
            estimate != nil || category.counts.positives + category.counts.negatives == 0
        }
        guard !known.isEmpty, isComplete else { return nil }
        func pooled(_ measure: SampledMeasure) -> MetricEstimate {
            SampleEstimate.pooled(known, measure).with(interval: hasIntervals)
        }
        self.init(precision: pooled(.precision), recall: pooled(.recall), f1: pooled(.f1))
    }

    /// The means over the categories with metrics; `nil` if there are none.
    init?(meanOf categories: [Evaluation.Category]) {
        let metrics = categories.compactMap(\.metrics)
        guard let precision = MetricEstimate.mean(metrics.map(\.precision)),
            let recall = MetricEstimate.mean(metrics.map(\.recall)),
            let f1 = MetricEstimate.mean(metrics.map(\.f1))
        else { return nil }
        self.init(precision: precision, recall: recall, f1: f1)
    }
}

extension MetricEstimate {
    /// The estimate with or without its interval.
    fileprivate func with(interval isWanted: Bool) -> MetricEstimate {
        isWanted ? self : MetricEstimate(value: value, interval: nil)
    }

    /// The mean of estimates whose errors may go the same way, so that the bounds are the means of their bounds; `nil` if
    /// there are none.
    static func mean(_ estimates: [MetricEstimate]) -> MetricEstimate? {
        guard !estimates.isEmpty else { return nil }
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
        let intervals = estimates.compactMap(\.interval)
        return MetricEstimate(
            value: mean(estimates.map(\.value)),
            interval: intervals.count < estimates.count
                ? nil : mean(intervals.map(\.lowerBound))...mean(intervals.map(\.upperBound))
        )
    }
}
