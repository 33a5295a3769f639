/// A figure and how far it would vary with other images of the same kind.
public struct MetricEstimate: Sendable, Hashable {
    /// The figure, of all images.
    public let value: Double
    /// 95 % confidence interval; `nil` when there are no resamples.
    public let interval: ClosedRange<Double>?

    init(value: Double, interval: ClosedRange<Double>?) {
        self.value = value
        self.interval = interval
    }

    /// Joins a figure with the interval between the 2.5th and the 97.5th percentile of its resamples.
    init(_ value: Double, resamples: [Double]) {
        self.value = value
        let sorted = resamples.sorted()
        let last = Double(sorted.count - 1)
        interval =
            sorted.isEmpty
            ? nil : sorted[Int((0.025 * last).rounded(.down))]...sorted[Int((0.975 * last).rounded(.up))]
    }
}
