internal import CLIPCore

/// The threshold with the largest F1 in a whole collection, whose rates of positive images are estimated from drawn labels.
///
/// A threshold that is best for weighted labels is best by chance, too: it lies just below an image that is positive and
/// above one that is negative, whatever the others of the collection are that these stand for. The model of the rates
/// (``RateModel``) is smooth, so that single labels hardly move its best threshold, and the metrics of the threshold are
/// those that ``CollectionScores/estimates(_:seed:)`` gives for any other.
struct BestThreshold: Sendable {
    let threshold: Float
    /// The range of 95 % of the thresholds that are best in single draws of the rates.
    let interval: ClosedRange<Double>?
    /// What the threshold is worth.
    let estimate: SampleEstimate

    /// The number of thresholds that are tried in each bin.
    private static let trialsPerBin = 8

    /// Finds the threshold whose F1 is expected to be largest; `nil` if no image passes the neutral test.
    ///
    /// - Parameters:
    ///   - scores: A collection in which the images match that pass the neutral test.
    ///   - category: The position of the category.
    ///   - labels: Its drawn labels.
    ///   - start: A threshold that may be near the best one.
    ///   - seed: The same seed gives the same fit.
    init?(
        _ scores: CollectionScores,
        category: Int,
        labels: [SampledLabel],
        start: Float,
        seed: UInt64
    ) {
        let candidates = Candidates(scores, category: category)
        guard !candidates.scores.isEmpty else { return nil }
        let boundary = RankBins.roundedMatches(candidates.matches(start), of: scores.count)
        let ranking = candidates.ranking.with(matches: min(boundary, candidates.scores.count))
        let posterior = RatePosterior(bins: ranking.bins, counts: ranking.counts(labels), seed: seed)
        let ranks = candidates.ranks(ranking.bins.divided(into: Self.trialsPerBin))
        var means = [Double](repeating: 0, count: ranks.count)
        var best = [Float]()
        RateCurve(posterior, ranks: ranks).forEachDraw { truePositives, positives in
            let f1 = zip(ranks, truePositives).map { 2 * $1 / (Double($0) + positives) }
            for (index, value) in f1.enumerated() { means[index] += value / Double(posterior.draws.count) }
            best.append(candidates.threshold(ranks[f1.indexOfLargest]))
        }
        threshold = candidates.threshold(ranks[means.indexOfLargest])
        interval = MetricEstimate(Double(threshold), resamples: best.map(Double.init)).interval
        let decided = scores.ranking(category: category, threshold: threshold)
        estimate = SampleEstimate(
            RatePosterior(bins: decided.bins, counts: decided.counts(labels), seed: seed),
            seed: seed
        )
    }
}

/// The images that pass the neutral test, by falling score.
private struct Candidates {
    let ranking: CollectionScores.Ranking
    let scores: [Float]

    init(_ collection: CollectionScores, category: Int) {
        ranking = collection.ranking(category: category)
        scores = ranking.rows[..<ranking.bins.matchCount].map { collection.score(row: $0, category: category) }
    }

    /// The number of images with at least this score.
    func matches(_ threshold: Float) -> Int {
        var (low, high) = (0, scores.count)
        while low < high {
            let middle = (low + high) / 2
            if scores[middle] >= threshold { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The ranks at which a threshold may lie, next below given ones: never between images with the same score.
    func ranks(_ wanted: [Int]) -> [Int] {
        Set(wanted.filter { 1...scores.count ~= $0 }.map { matches(scores[$0 - 1]) }).union([scores.count]).sorted()
    }

    /// The threshold that as many images reach.
    func threshold(_ rank: Int) -> Float {
        rank < scores.count ? RankedScores.middle(scores[rank], scores[rank - 1]) : scores[rank - 1]
    }
}

extension [Double] {
    /// The first position of the largest number; 0 if there is none.
    fileprivate var indexOfLargest: Int { indices.max { (self[$0], $1) < (self[$1], $0) } ?? 0 }
}
