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
///
/// A measure that is 0/0, such as the precision of a category that no image matches, is 0 with the interval 0…1.
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
    /// The draws of each measure that are defined, by rising value.
    private let draws: [SampledMeasure: [SampledFraction]]

    /// Computes the measures from the posterior.
    package init(_ posterior: RatePosterior, seed: UInt64) {
        self.init(
            draws: posterior.fractions(of: SampledMeasure.allCases, seed: seed),
            labelCount: posterior.counts.labelled.reduce(0, +)
        )
    }

    /// Computes the measures from the draws of each of ``SampledMeasure/allCases``.
    init(draws: [[SampledFraction]], labelCount: Int) {
        let fractions = draws.map { fractions in
            fractions.filter { $0.value != nil }.sorted { $0.value ?? 0 < $1.value ?? 0 }
        }
        let estimates = fractions.map { MetricEstimate(draws: $0.compactMap(\.value)) }
        precision = estimates[0]
        recall = estimates[1]
        f1 = estimates[2]
        prevalence = estimates[3]
        self.draws = Dictionary(uniqueKeysWithValues: zip(SampledMeasure.allCases, fractions))
        self.labelCount = labelCount
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

extension SampleEstimate {
    /// A measure of all pairs of image and category together.
    ///
    /// Samples of several categories share images, so their errors may go the same way. The interval allows for that: the
    /// lowest draws of all categories are taken together, and the highest.
    static func pooled(_ estimates: [SampleEstimate], _ measure: SampledMeasure) -> MetricEstimate {
        let draws = estimates.compactMap { $0.draws[measure] }.filter { !$0.isEmpty }
        let count = draws.map(\.count).max() ?? 0
        return MetricEstimate(
            draws: (0..<count).compactMap { rank in
                draws.reduce(into: SampledFraction(part: 0, whole: 0)) { sum, draws in
                    let draw = draws[rank * draws.count / count]
                    sum.part += draw.part
                    sum.whole += draw.whole
                }.value
            }
        )
    }
}

extension MetricEstimate {
    /// The median of the draws, and the interval between their 2.5th and 97.5th percentiles; 0 and 0…1 without draws.
    fileprivate init(draws: [Double]) {
        let sorted = draws.sorted()
        guard !sorted.isEmpty else {
            self.init(value: 0, interval: 0...1)
            return
        }
        self.init(sorted[sorted.count / 2], resamples: sorted)
    }
}
