/// The value of a metric, with a confidence interval.
public struct MetricEstimate: Sendable, Hashable {
    /// The value over all images.
    public let value: Double
    /// The 95 % confidence interval; `nil` without resamples.
    public let interval: ClosedRange<Double>?

    init(value: Double, interval: ClosedRange<Double>?) {
        self.value = value
        self.interval = interval
    }

    /// Creates an estimate with the interval from the 2.5th to the 97.5th percentile of its resamples.
    init(_ value: Double, resamples: [Double]) {
        self.value = value
        let sorted = resamples.sorted()
        let last = Double(sorted.count - 1)
        interval =
            sorted.isEmpty
            ? nil : sorted[Int((0.025 * last).rounded(.down))]...sorted[Int((0.975 * last).rounded(.up))]
    }

    /// The estimate with or without its interval.
    func with(interval isWanted: Bool) -> MetricEstimate {
        isWanted ? self : MetricEstimate(value: value, interval: nil)
    }
}
