/// What drawn labels of a category tell about its images in the order of a ranking.
struct CategoryModel {
    /// The images, and the bins within which the model knows the rate of positive images.
    let ranking: CollectionScores.Ranking
    let posterior: RatePosterior
    let labels: [SampledLabel]
    let seed: UInt64

    /// Fits the model.
    ///
    /// - Parameters:
    ///   - ranking: The images; its first ones match by a threshold that may be near that of largest F1.
    ///   - labels: The labels.
    ///   - seed: The same seed gives the same model.
    init(_ ranking: CollectionScores.Ranking, labels: [SampledLabel], seed: UInt64) {
        self.ranking = ranking
        self.labels = labels
        self.seed = seed
        posterior = RatePosterior(bins: ranking.bins, counts: ranking.counts(labels), seed: seed)
    }

    /// What the decisions are worth by which the bins are cut.
    var estimate: SampleEstimate { SampleEstimate(posterior, seed: seed) }

    /// What they would be worth if another number of images matched.
    func estimate(matches: Int) -> SampleEstimate {
        let ranks = ranking.ranks(of: labels.map(\.row))
        return SampleEstimate(
            draws: RateCurve(posterior, ranks: matches > 0 ? [matches] : []).fractions(
                of: SampledMeasure.allCases,
                matches: matches,
                labels: zip(ranks, labels).map { (rank: $0, isPositive: $1.isPositive) },
                seed: seed
            ),
            labelCount: labels.count
        )
    }
}

/// What drawn labels tell about the decisions on a category's images.
///
/// The model's expectations are those about a threshold of large F1, near which it is cut. A threshold that was fitted to the
/// same labels for a recall may lie where one image in a thousand is positive: then the model is cut at a threshold of large
/// F1 instead. Other thresholds are taken as they are, since few labels know that of largest F1 badly.
struct DecidedCategory {
    /// The model, cut at the decisions.
    let cut: CategoryModel
    /// The model, cut near a threshold of large F1.
    let model: CategoryModel

    /// How far below the threshold of largest F1 a fitted one may lie, in `z` (see ``RankBins``).
    private static let reach = 0.5

    /// - Parameters:
    ///   - decided: The images in the order of the decisions.
    ///   - labels: The labels.
    ///   - isFitted: Whether the threshold may have been fitted to these labels.
    ///   - seed: The same seed gives the same model.
    init(_ decided: CollectionScores.Ranking, labels: [SampledLabel], isFitted: Bool = false, seed: UInt64) {
        let cut = CategoryModel(decided, labels: labels, seed: seed)
        self.cut = cut
        let matches = isFitted ? Self.matchesOfLargeF1(cut) : nil
        model = matches.map { CategoryModel(decided.with(matches: $0), labels: labels, seed: seed) } ?? cut
    }

    /// Whether the threshold lies far below that of largest F1.
    var isFar: Bool { model.ranking.bins.matchCount < cut.ranking.bins.matchCount }

    /// What the decisions are worth.
    var estimate: SampleEstimate { isFar ? model.estimate(matches: cut.ranking.bins.matchCount) : cut.estimate }

    /// How many images match at about the threshold at which the weighted labels have the largest F1; `nil` if the decisions
    /// are near it, or no matching image is positive.
    private static func matchesOfLargeF1(_ cut: CategoryModel) -> Int? {
        let bins = cut.ranking.bins
        let ranked = zip(cut.ranking.ranks(of: cut.labels.map(\.row)), cut.labels)
            .filter(\.1.isPositive).map { (matches: $0 + 1, weight: 1 / $1.probability) }
            .sorted { $0.matches < $1.matches }
        let positives = ranked.reduce(0) { $0 + $1.weight }
        var (truePositives, best) = (0.0, (f1: 0.0, matches: 0))
        for (matches, weight) in ranked where matches <= bins.matchCount {
            truePositives += weight
            let f1 = 2 * truePositives / (positives + Double(matches))
            if f1 >= best.f1 { best = (f1, matches) }
        }
        guard best.matches > 0, bins.position(ofRank: Double(best.matches)) - bins.boundary > reach else { return nil }
        return RankBins.roundedMatches(best.matches, of: bins.imageCount)
    }
}
