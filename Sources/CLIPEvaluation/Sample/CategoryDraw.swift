internal import CLIPCore

/// Draws the images of one category.
struct CategoryDraw {
    /// A row with its image's position in the collection.
    struct PlacedRow {
        let row: Int
        let drawn: LabelSample.Row
    }

    private let scores: CollectionScores
    private let category: Int
    private let earlier: [Int: EarlierRow]
    private let numbers: [UInt64]
    private let sampler: LabelSampler

    init(
        _ scores: CollectionScores,
        category: Int,
        earlier: [EarlierRow],
        numbers: [UInt64],
        sampler: LabelSampler
    ) {
        self.scores = scores
        self.category = category
        self.earlier = Dictionary(uniqueKeysWithValues: earlier.map { ($0.row, $0) })
        self.numbers = numbers
        self.sampler = sampler
    }

    /// Draws `count` more images.
    func draw(_ count: Int, round: Int) -> (category: LabelSample.Category, rows: [PlacedRow]) {
        let ranking = scores.ranking(category: category)
        let strata = ranking.bins.strata
        let labels = earlier.values.sorted { $0.row < $1.row }.compactMap { row in
            row.answer.isMember.map { SampledLabel(row: row.row, isPositive: $0, probability: row.probability) }
        }
        let posterior = RatePosterior(bins: ranking.bins, counts: ranking.counts(labels), seed: sampler.seed)
        // Without a match, only the prevalence is open.
        let hasMatch = ranking.bins.matchCount > 0
        let measure = hasMatch ? sampler.measure : .prevalence
        let plan = LabelPlan(posterior, measure: measure, existing: existing(ranking, strata))
        let wanted = plan.labels(adding: count)
        let rows = strata.indices.flatMap { stratum in
            drawnRows(
                of: Array(ranking.rows[plan.ranks(stratum)]),
                stratum: stratum,
                adding: wanted[stratum] - plan.existing[stratum],
                round: round
            )
        }
        let estimate = labels.isEmpty ? nil : SampleEstimate(posterior, seed: sampler.seed)
        let described = LabelSample.Category(
            name: scores.categories[category],
            strata: strata.indices.map { stratum in
                LabelSample.Stratum(
                    size: plan.sizes[stratum],
                    isMatch: strata[stratum].upperBound <= ranking.bins.matchingBins
                )
            },
            estimate: estimate,
            outlook: measure == sampler.measure ? estimate.flatMap { plan.outlook($0[measure]) } : nil
        )
        return (described, rows)
    }

    /// The number of rows of earlier rounds in each stratum.
    private func existing(_ ranking: CollectionScores.Ranking, _ strata: [Range<Int>]) -> [Int] {
        let bins = ranking.binOfRow
        var counts = [Int](repeating: 0, count: ranking.bins.count)
        for row in earlier.keys { counts[bins[row]] += 1 }
        return strata.map { counts[$0].reduce(0, +) }
    }

    /// The rows of a stratum: those of earlier rounds, and the images with the smallest numbers that are not among them.
    ///
    /// All images whose number is not above that of the last one drawn were drawn in this round. So each row's probability
    /// is their share of the stratum, or that of an earlier round if it is larger.
    private func drawnRows(of images: [Int], stratum: Int, adding count: Int, round: Int) -> [PlacedRow] {
        let ordered = images.sorted { (numbers[$0], $0) < (numbers[$1], $1) }
        var (taken, added) = (0, 0)
        while added < count, taken < ordered.count {
            if earlier[ordered[taken]] == nil { added += 1 }
            taken += 1
        }
        let probability = Double(taken) / Double(images.count)
        return ordered.enumerated().compactMap { position, image in
            let old = earlier[image]
            guard old != nil || position < taken else { return nil }
            let row = LabelSample.Row(
                id: scores.ids[image],
                category: category,
                answer: old?.answer ?? .missing,
                probability: max(probability, old?.probability ?? 0),
                round: old?.round ?? round,
                stratum: stratum
            )
            return PlacedRow(row: image, drawn: row)
        }
    }
}
