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
    private let earlier: [EarlierRow]
    /// The rows of the collection by their images' permanent random numbers.
    private let order: [Int]
    private let sampler: LabelSampler

    init(
        _ scores: CollectionScores,
        category: Int,
        earlier: [EarlierRow],
        order: [Int],
        sampler: LabelSampler
    ) {
        self.scores = scores
        self.category = category
        self.earlier = earlier.sorted { $0.row < $1.row }
        self.order = order
        self.sampler = sampler
    }

    /// Draws `count` more images.
    func draw(_ count: Int, round: Int) -> (category: LabelSample.Category, rows: [PlacedRow]) {
        let ranking = scores.ranking(category: category)
        let strata = ranking.bins.strata
        let labels = earlier.compactMap { row in
            row.answer.isMember.map { SampledLabel(row: row.row, isPositive: $0, probability: row.probability) }
        }
        let decided = DecidedCategory(ranking, labels: labels, seed: sampler.seed)
        // Without a match, only the prevalence is open.
        let hasMatch = ranking.bins.matchCount > 0
        let measure = hasMatch ? sampler.measure : .prevalence
        let plan = LabelPlan(decided.cut.posterior, measure: measure, existing: existing(ranking, strata))
        let rows = drawnRows(ranking, plan, adding: count, round: round)
        let estimate = labels.isEmpty ? nil : decided.estimate
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
        for row in earlier { counts[bins[row.row]] += 1 }
        return strata.map { counts[$0].reduce(0, +) }
    }

    /// The rows of earlier rounds, and in each stratum the images with the smallest numbers that are not among them.
    ///
    /// All images of a stratum whose number is not above that of the last one drawn were drawn in this round. So each row's
    /// probability is their share of the stratum, or that of an earlier round if it is larger.
    private func drawnRows(
        _ ranking: CollectionScores.Ranking,
        _ plan: LabelPlan,
        adding count: Int,
        round: Int
    ) -> [PlacedRow] {
        var stratumOfRow = [Int](repeating: 0, count: scores.count)
        for stratum in plan.sizes.indices {
            for row in ranking.rows[plan.ranks(stratum)] { stratumOfRow[row] = stratum }
        }
        var isDrawn = [Bool](repeating: false, count: scores.count)
        for row in earlier { isDrawn[row.row] = true }

        var missing = zip(plan.labels(adding: count), plan.existing).map { $0 - $1 }
        var left = missing.reduce(0, +)
        var taken = [Int](repeating: 0, count: missing.count)
        var added = [Int]()
        for row in order where left > 0 {
            let stratum = stratumOfRow[row]
            guard missing[stratum] > 0 else { continue }
            taken[stratum] += 1
            guard !isDrawn[row] else { continue }
            added.append(row)
            missing[stratum] -= 1
            left -= 1
        }

        func placed(_ row: Int, _ earlier: EarlierRow?) -> PlacedRow {
            let stratum = stratumOfRow[row]
            let drawn = LabelSample.Row(
                id: scores.ids[row],
                category: category,
                answer: earlier?.answer ?? .missing,
                probability: max(Double(taken[stratum]) / Double(plan.sizes[stratum]), earlier?.probability ?? 0),
                round: earlier?.round ?? round,
                stratum: stratum
            )
            return PlacedRow(row: row, drawn: drawn)
        }
        return earlier.map { placed($0.row, $0) } + added.map { placed($0, nil) }
    }
}
