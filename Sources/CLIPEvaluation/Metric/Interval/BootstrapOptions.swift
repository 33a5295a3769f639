internal import CLIPCore

/// Computes confidence intervals by resampling images: the percentile bootstrap (Efron, 1979).
///
/// A resample draws as many images as there are, with replacement, and recomputes all metrics of all categories. Labels
/// that were drawn with known probabilities are resampled as they were drawn. With few images, or metrics near 0 or 1,
/// such intervals are too narrow; shares, such as precision and recall, have intervals of the binomial distribution
/// instead.
public struct BootstrapOptions: Sendable, Hashable {
    /// Number of resamples; 0 for no intervals.
    package var resamples: Int
    /// The same seed draws the same images.
    package var seed: UInt64

    /// Creates a bootstrap.
    public init(resamples: Int = 1000, seed: UInt64 = 0) {
        precondition(resamples >= 0, "there cannot be fewer than no resamples")
        self.resamples = resamples
        self.seed = seed
    }

    /// Computes metrics and their confidence intervals.
    ///
    /// - Parameters:
    ///   - weights: How often each image counts, and how to resample that.
    ///   - metrics: Computes the metrics, always the same number, given how often each image counts for each category. A
    ///     metric that is `nil` for a resample is left out of its interval. Called concurrently from several threads.
    /// - Returns: One estimate per metric, `nil` where the metric of all images is `nil`.
    func estimates(_ weights: ImageWeights, _ metrics: (_ weights: [[Double]]) -> [Double?]) -> [MetricEstimate?] {
        let values = metrics(weights.all)
        var drawn = [[Double]](repeating: [], count: values.count)
        var generator = SeededGenerator(seed: seed)
        let atATime = max(ProcessorCount.current, Self.weightsAtATime / max(weights.size, 1))
        for start in stride(from: 0, to: resamples, by: atATime) {
            let resamples = (start..<min(start + atATime, resamples)).map { _ in weights.resample(&generator) }
            for metrics in Self.inParallel(resamples, metrics) {
                for (index, metric) in metrics.enumerated() {
                    if let metric { drawn[index].append(metric) }
                }
            }
        }
        return zip(values, drawn).map { value, drawn in value.map { MetricEstimate($0, resamples: drawn) } }
    }

    /// The maximum number of weights held by pending resamples, 8 MiB.
    private static let weightsAtATime = 1 << 20

    /// The metrics of each resample, in order.
    private static func inParallel(_ weights: [[[Double]]], _ metrics: ([[Double]]) -> [Double?]) -> [[Double?]] {
        var results = [[Double?]](repeating: [], count: weights.count)
        results.withUnsafeMutableBufferPointer { results in
            nonisolated(unsafe) let results = results
            Parallel.forEachRange(of: weights.count, minimum: 1) { range in
                for index in range { results[index] = metrics(weights[index]) }
            }
        }
        return results
    }
}
