internal import CLIPCore

/// What drawn labels of a category tell about thresholds in the whole collection.
///
/// A threshold that is best for weighted labels is best by chance, too: it lies just below an image that is positive and
/// above one that is negative, whatever the others of the collection are that these stand for. The model of the rates
/// (``RateModel``) is smooth, so that single labels hardly move its best threshold. The model's expectations are those about
/// a threshold of large F1, near which it is cut, wherever the wanted threshold lies: a threshold for a recall of 0.95 may
/// lie where one image in a thousand is positive.
struct ThresholdModel {
    private let scores: CollectionScores
    private let category: Int
    private let candidates: ThresholdCandidates
    private let model: CategoryModel

    /// The number of thresholds that are tried in each bin.
    private static let trialsPerBin = 8

    /// Fits the model; `nil` if no image passes the neutral test.
    ///
    /// - Parameters:
    ///   - scores: A collection in which the images match that pass the neutral test.
    ///   - category: The position of the category.
    ///   - labels: Its drawn labels.
    ///   - start: A threshold that may be near that of largest F1.
    ///   - seed: The same seed gives the same fit.
    init?(_ scores: CollectionScores, category: Int, labels: [SampledLabel], start: Float, seed: UInt64) {
        candidates = ThresholdCandidates(scores, category: category)
        guard !candidates.scores.isEmpty else { return nil }
        let boundary = RankBins.roundedMatches(candidates.matches(start), of: scores.count)
        let ranking = candidates.ranking.with(matches: min(boundary, candidates.scores.count))
        model = CategoryModel(ranking, labels: labels, seed: seed)
        self.scores = scores
        self.category = category
    }

    /// The threshold that comes closest to a target, in the mean over the draws of the rates.
    ///
    /// The metrics of the threshold of largest F1 are those that ``CollectionScores/estimates(_:seed:)`` gives for it.
    func best(_ target: CalibrationTarget) -> BestThreshold {
        let ranks = candidates.ranks(model.ranking.bins.divided(into: Self.trialsPerBin))
        let measure = target.measure
        var means = [Double](repeating: 0, count: ranks.count)
        var best = [Float]()
        RateCurve(model.posterior, ranks: ranks).forEachDraw { truePositives, positives in
            let values = zip(ranks, truePositives).map { rank, hits in
                measure.value(
                    truePositives: hits,
                    positives: positives,
                    matches: Double(rank),
                    count: Double(scores.count)
                )
            }
            for (index, value) in values.enumerated() { means[index] += value / Double(model.posterior.draws.count) }
            best.append(candidates.threshold(ranks[target.choice(values)]))
        }
        let choice = target.choice(means)
        let threshold = candidates.threshold(ranks[choice])
        return BestThreshold(
            threshold: threshold,
            interval: MetricEstimate(Double(threshold), resamples: best.map(Double.init)).interval,
            reached: means[choice],
            estimate: target == .f1 ? estimateCut(at: threshold) : model.estimate(matches: ranks[choice])
        )
    }

    /// What a threshold is worth.
    func estimate(threshold: Float) -> SampleEstimate { model.estimate(matches: candidates.matches(threshold)) }

    /// What a threshold is worth by a model that is cut there.
    private func estimateCut(at threshold: Float) -> SampleEstimate {
        let decided = scores.ranking(category: category, threshold: threshold)
        return DecidedCategory(decided, labels: model.labels, seed: model.seed).estimate
    }
}

/// The images that pass the neutral test, by falling score.
struct ThresholdCandidates {
    let ranking: CollectionScores.Ranking
    let scores: [Float]

    init(_ collection: CollectionScores, category: Int) {
        ranking = collection.ranking(category: category)
        scores = ranking.rows[..<ranking.bins.matchCount].map { collection.score(row: $0, category: category) }
    }

    /// The number of images with at least this score.
    func matches(_ threshold: Float) -> Int { scores.partitioningIndex { $0 < threshold } }

    /// The ranks at which a threshold may lie, next below given ones: never between images with the same score.
    func ranks(_ wanted: [Int]) -> [Int] {
        Set(wanted.filter { 1...scores.count ~= $0 }.map { matches(scores[$0 - 1]) }).union([scores.count]).sorted()
    }

    /// The threshold that as many images reach.
    func threshold(_ rank: Int) -> Float {
        rank < scores.count ? RankedScores.middle(scores[rank], scores[rank - 1]) : scores[rank - 1]
    }
}
