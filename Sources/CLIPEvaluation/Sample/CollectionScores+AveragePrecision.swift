extension CollectionScores {
    /// The number of parts of each bin within which positive images are taken to lie at equal distances.
    private static let partsPerBin = 8

    /// Estimates a category's average precision over the whole collection from labels that were drawn with known
    /// probabilities.
    ///
    /// - Parameters:
    ///   - category: The position of the category.
    ///   - labels: Its labels.
    ///   - seed: The same seed gives the same interval.
    /// - Returns: The estimate; `nil` if no draw has a positive image.
    package func averagePrecision(category: Int, labels: [SampledLabel], seed: UInt64) -> MetricEstimate? {
        let ranking = ranking(category: category)
        let posterior = RatePosterior(bins: ranking.bins, counts: ranking.counts(labels), seed: seed)
        return averagePrecision(category: category, labels: labels, ranking, posterior, seed: seed)
    }

    /// The same, given what is known of the category's ranking.
    func averagePrecision(
        category: Int,
        labels: [SampledLabel],
        _ decided: Ranking,
        _ known: RatePosterior,
        seed: UInt64
    ) -> MetricEstimate? {
        let ranking = rankingByScore(category: category)
        // Where no image is held back by the neutral test, images are ranked as they are decided.
        let posterior =
            ranking.bins == decided.bins
            ? known : RatePosterior(bins: ranking.bins, counts: ranking.counts(labels), seed: seed)
        let sorted = ranking.rows.map { score(row: $0, category: category) }
        // No threshold lies between images with the same score.
        let ends = ranking.bins.divided(into: Self.partsPerBin).map { end in
            sorted.partitioningIndex { $0 < sorted[end - 1] }
        }
        let ranks = ranking.ranks(of: labels.map(\.row))
        let draws = RateCurve(posterior, ranks: Set(ends).sorted()).averagePrecisions(
            labels: zip(ranks, labels).map { (rank: $0, isPositive: $1.isPositive) },
            seed: seed
        ) { range in
            sorted[range.lowerBound] == sorted[range.upperBound - 1]
        }.sorted()
        return draws.isEmpty ? nil : MetricEstimate(draws[draws.count / 2], resamples: draws)
    }
}
