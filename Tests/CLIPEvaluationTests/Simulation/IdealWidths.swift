import CLIPEvaluation

/// The widths that intervals could have if more were known, or if images were drawn at random.
struct IdealWidths {
    private struct Stratum {
        let size: Double
        let rate: Double
        let isMatching: Bool
    }

    private let collection: SimulatedCollection
    private let strata: [Stratum]

    init(_ collection: SimulatedCollection) {
        self.collection = collection
        let ranking = collection.scores.ranking(category: 0)
        strata = ranking.bins.strata.map { bins in
            let ranks = ranking.bins.edges[bins.lowerBound]..<ranking.bins.edges[bins.upperBound]
            let positives = ranking.rows[ranks].count { collection.isPositive[$0] }
            return Stratum(
                size: Double(ranks.count),
                rate: Double(positives) / Double(ranks.count),
                isMatching: bins.upperBound <= ranking.bins.matchingBins
            )
        }
    }

    /// Neyman's allocation with the true rates of the strata, and the normal approximation.
    func oracle(_ measure: SampledMeasure, labels: Int) -> Double {
        let slopes = collection.truth(measure).slopes
        let variances = strata.map { stratum in
            let slope = stratum.isMatching ? slopes.matching : slopes.other
            return stratum.size * stratum.size * slope * slope * stratum.rate * (1 - stratum.rate)
        }
        func numbers(_ factor: Double) -> [Double] {
            strata.indices.map { min(factor * variances[$0].squareRoot(), strata[$0].size) }
        }
        var (low, high) = (0.0, 1.0)
        while numbers(high).reduce(0, +) < Double(labels), high < 1e12 { high *= 2 }
        for _ in 0..<50 {
            let middle = (low + high) / 2
            if numbers(middle).reduce(0, +) < Double(labels) { low = middle } else { high = middle }
        }
        let variance = zip(numbers(high), strata.indices).reduce(0.0) { sum, item in
            item.0 > 0 ? sum + variances[item.1] * (1 / item.0 - 1 / strata[item.1].size) : sum
        }
        return 2 * 1.96 * variance.squareRoot()
    }

    /// The linearised variance of a ratio under simple random sampling (Cochran, 1977, section 2.11).
    func random(_ measure: SampledMeasure, labels: Int) -> Double {
        func sum(_ isIncluded: (Stratum) -> Bool, _ share: (Stratum) -> Double) -> Double {
            strata.reduce(0) { isIncluded($1) ? $0 + $1.size * share($1) : $0 }
        }
        let count = sum { _ in
            true
        } _: { _ in
            1
        }
        let matches = sum(\.isMatching) { _ in 1 }
        let hits = sum(\.isMatching, \.rate)
        let all = sum({ _ in true }, \.rate)
        let (wrong, missed) = (matches - hits, all - hits)
        let truth = collection.truth(measure).value
        let (squares, whole) =
            switch measure {
            case .precision: (hits * (1 - truth) * (1 - truth) + wrong * truth * truth, matches)
            case .recall: (hits * (1 - truth) * (1 - truth) + missed * truth * truth, all)
            case .f1:
                (hits * 4 * (1 - truth) * (1 - truth) + (wrong + missed) * truth * truth, matches + all)
            case .prevalence: (all * (1 - truth), count)
            }
        return 2 * 1.96 * (squares / count / Double(labels)).squareRoot() / (whole / count)
    }
}
