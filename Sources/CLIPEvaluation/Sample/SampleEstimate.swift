/// What a sample of labels tells about a category over the whole collection.
///
/// ```swift
/// let scores = try CollectionScores(store, classifier: classifier)
/// let estimates = scores.estimates(labels)
/// estimates[0]?.precision  // 0.91, interval 0.87...0.94
/// ```
///
/// The intervals are Bayesian: the rate of positive images is modelled along the ranking, and the measures are computed
/// from joint draws of the rates of all its parts. Simulations with known truth show how often they contain it.
public struct SampleEstimate: Sendable, Hashable {
    /// The fraction of matching images that are positive.
    public let precision: MetricEstimate
    /// The fraction of positive images that match.
    public let recall: MetricEstimate
    /// The harmonic mean of precision and recall.
    public let f1: MetricEstimate
    /// The fraction of all images that are positive.
    public let prevalence: MetricEstimate
    /// The number of images labelled as positive or negative.
    public let labelCount: Int

    /// Computes the measures from the posterior.
    package init(_ posterior: RatePosterior, seed: UInt64) {
        let measures = SampledMeasure.allCases
        let estimates = posterior.values(of: measures, seed: seed).map(MetricEstimate.init(draws:))
        precision = estimates[0]
        recall = estimates[1]
        f1 = estimates[2]
        prevalence = estimates[3]
        labelCount = posterior.counts.labelled.reduce(0, +)
    }

    /// The estimate of a measure.
    public subscript(measure: SampledMeasure) -> MetricEstimate {
        switch measure {
        case .precision: precision
        case .recall: recall
        case .f1: f1
        case .prevalence: prevalence
        }
    }
}

extension MetricEstimate {
    /// The median of the draws, and the interval between their 2.5th and 97.5th percentiles.
    init(draws: [Double]) {
        let sorted = draws.sorted()
        self.init(sorted[sorted.count / 2], resamples: sorted)
    }
}
