/// How many images of each stratum to label next, and what that is worth.
package struct LabelPlan {
    private let strata: [Range<Int>]
    private let edges: [Int]
    private let variances: [Double]
    /// Number of images in each stratum.
    package let sizes: [Int]
    /// Number of images that were drawn already.
    package let existing: [Int]

    /// Plans for a measure.
    ///
    /// - Parameters:
    ///   - posterior: What is known.
    ///   - measure: The measure whose interval is to be narrow.
    ///   - existing: Number of images that were drawn already, for each stratum.
    package init(_ posterior: RatePosterior, measure: SampledMeasure, existing: [Int]) {
        let edges = posterior.bins.edges
        strata = posterior.bins.strata
        variances = posterior.variances(of: measure, strata: strata)
        sizes = strata.map { edges[$0.upperBound] - edges[$0.lowerBound] }
        self.edges = edges
        self.existing = existing
    }

    /// The ranks of a stratum's images.
    package func ranks(_ stratum: Int) -> Range<Int> {
        edges[strata[stratum].lowerBound]..<edges[strata[stratum].upperBound]
    }

    /// The number of images of each stratum, including those that were drawn already.
    package func labels(adding count: Int) -> [Int] {
        LabelAllocation.labels(
            total: existing.reduce(0, +) + count,
            variances: variances,
            sizes: sizes,
            existing: existing
        )
    }

    /// The smallest number of further labels, a multiple of ten, that narrow an interval by a quarter, and its half-width
    /// then; `nil` if there is nothing left to label or to narrow.
    ///
    /// The width is expected to follow the standard error of the stratified estimate.
    package func outlook(_ estimate: MetricEstimate) -> (labels: Int, halfWidth: Double)? {
        guard let interval = estimate.interval, interval.upperBound > interval.lowerBound else { return nil }
        let left = zip(sizes, existing).reduce(0) { $0 + $1.0 - $1.1 }
        let now = variance(existing)
        guard left > 0, now > 0 else { return nil }
        let halfWidth = (interval.upperBound - interval.lowerBound) / 2
        func width(adding count: Int) -> Double { halfWidth * (variance(labels(adding: count)) / now).squareRoot() }
        var (low, high) = (0, 10)
        while high < left, width(adding: high) > 0.75 * halfWidth { (low, high) = (high, 2 * high) }
        while high - low > 10 {
            let middle = (low + high) / 20 * 10
            if width(adding: middle) > 0.75 * halfWidth { low = middle } else { high = middle }
        }
        let count = min(high, left)
        return (count, width(adding: count))
    }

    private func variance(_ labels: [Int]) -> Double {
        LabelAllocation.variance(labels: labels, variances: variances, sizes: sizes)
    }
}
