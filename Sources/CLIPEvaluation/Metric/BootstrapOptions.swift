internal import CLIPCore

/// Finds confidence intervals by drawing images again and again: the percentile bootstrap (Efron, 1979).
///
/// A resample draws as many images as there are, with replacement, and all figures of all categories are computed from it
/// anew. Few images, or figures near 0 or 1, give intervals that are too narrow: with no error among ten images the
/// interval is 1…1.
public struct BootstrapOptions: Sendable, Hashable {
    /// How often images are drawn; 0 for no intervals.
    package var resamples: Int
    /// The same seed draws the same images.
    package var seed: UInt64

    /// Creates a bootstrap.
    public init(resamples: Int = 1000, seed: UInt64 = 0) {
        precondition(resamples >= 0, "there cannot be fewer than no resamples")
        self.resamples = resamples
        self.seed = seed
    }

    /// Computes figures and their intervals.
    ///
    /// - Parameters:
    ///   - count: Number of images.
    ///   - figures: Computes the same number of figures each time, given how often each image counts. A figure that is `nil`
    ///     for a resample is left out of its interval. Called from several threads at once.
    /// - Returns: One estimate for each figure, `nil` where the figure of all images is.
    func estimates(imageCount count: Int, _ figures: (_ weights: [Int]) -> [Double?]) -> [MetricEstimate?] {
        let values = figures([Int](repeating: 1, count: count))
        var drawn = [[Double]](repeating: [], count: values.count)
        var generator = SeededGenerator(seed: seed)
        let atATime = max(ProcessorCount.current, Self.weightsAtATime / max(count, 1))
        for start in stride(from: 0, to: resamples, by: atATime) {
            let weights = (start..<min(start + atATime, resamples)).map { _ in generator.resampleWeights(count: count) }
            for figures in Self.inParallel(weights, figures) {
                for (index, figure) in figures.enumerated() {
                    if let figure { drawn[index].append(figure) }
                }
            }
        }
        return zip(values, drawn).map { value, drawn in value.map { MetricEstimate($0, resamples: drawn) } }
    }

    /// What draws that wait for their turn may hold, 8 MiB.
    private static let weightsAtATime = 1 << 20

    /// The figures of each draw, in the order of the draws.
    private static func inParallel(_ weights: [[Int]], _ figures: ([Int]) -> [Double?]) -> [[Double?]] {
        var results = [[Double?]](repeating: [], count: weights.count)
        results.withUnsafeMutableBufferPointer { results in
            nonisolated(unsafe) let results = results
            Parallel.forEachRange(of: weights.count, minimum: 1) { range in
                for index in range { results[index] = figures(weights[index]) }
            }
        }
        return results
    }
}
