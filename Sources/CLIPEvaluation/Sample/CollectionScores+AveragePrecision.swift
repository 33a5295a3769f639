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
        averagePrecision(
            category: category,
            DecidedCategory(ranking(category: category), labels: labels, seed: seed)
        )
    }

    /// The same, given what is known of the decisions on the category.
    func averagePrecision(category: Int, _ decided: DecidedCategory) -> MetricEstimate? {
        let (known, cut) = (decided.model, decided.model.ranking)
        var ranking = rankingByScore(category: category)
        if decided.isFar {
            let least = score(row: cut.rows[cut.bins.matchCount - 1], category: category)
            ranking = ranking.with(
                matches: ranking.rows.partitioningIndex { score(row: $0, category: category) < least }
            )
        }
        // Where no image is held back by the neutral test, images are ranked as they are decided.
        let model = ranking.bins == cut.bins ? known : CategoryModel(ranking, labels: known.labels, seed: known.seed)
        let sorted = ranking.rows.map { score(row: $0, category: category) }
        // No threshold lies between images with the same score.
        let ends = ranking.bins.divided(into: Self.partsPerBin).map { end in
            sorted.partitioningIndex { $0 < sorted[end - 1] }
        }
        let ranks = ranking.ranks(of: known.labels.map(\.row))
        let draws = RateCurve(model.posterior, ranks: Set(ends).sorted()).averagePrecisions(
            labels: zip(ranks, known.labels).map { (rank: $0, isPositive: $1.isPositive) },
            seed: known.seed
        ) { range in
            sorted[range.lowerBound] == sorted[range.upperBound - 1]
        }.sorted()
        return draws.isEmpty ? nil : MetricEstimate(draws[draws.count / 2], resamples: draws)
    }
}
