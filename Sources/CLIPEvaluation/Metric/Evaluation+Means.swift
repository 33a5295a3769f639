extension Evaluation.Metrics {
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
