import CLIPCore
import CLIPEvaluation

/// A simulated collection that is labelled in rounds of rising size.
struct SampledRun {
    /// What came out after a round, for a measure.
    struct Outcome {
        var isCovered: Bool
        var width: Double
        /// The width that labels would reach if they were allocated with the true rates.
        var oracleWidth: Double
        /// The width that as many labels of random images would reach.
        var randomWidth: Double
        var error: Double
    }

    private let bins: RankBins
    private let positives: [Int]
    private let isPositive: [Bool]
    private let strata: [Range<Int>]
    private let generator: SeededGenerator

    init(_ shape: SampledShape, prevalence: Double, count: Int, threshold: Double, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let images = SimulatedImages(shape, prevalence, count: count, &generator).sorted
        self.init(
            isPositive: images.map(\.isPositive),
            matches: images.count { Double($0.score) >= threshold },
            generator: generator
        )
    }

    /// Creates a run on a ranked collection.
    init(isPositive: [Bool], matches: Int, generator: SeededGenerator) {
        self.generator = generator
        bins = RankBins(count: isPositive.count, matches: matches)
        let edges = bins.edges
        positives = bins.sizes.indices.map { bin in isPositive[edges[bin]..<edges[bin + 1]].count { $0 } }
        self.isPositive = isPositive
        strata = bins.strata
    }

    /// Labels images in rounds, for F1 or another measure, and compares every measure with its true value.
    func outcomes(_ totals: [Int], for wanted: SampledMeasure) -> [[Outcome]] {
        var generator = generator
        var drawn = strata.map { _ in Set<Int>() }
        var posterior = RatePosterior(bins: bins, counts: BinCounts(binCount: bins.count), seed: generator.next())
        return totals.map { total in
            let existing = drawn.map(\.count)
            let plan = LabelPlan(posterior, measure: wanted, existing: existing)
            let numbers = plan.labels(adding: total - existing.reduce(0, +))
            for stratum in strata.indices {
                let ranks = plan.ranks(stratum)
                while drawn[stratum].count < numbers[stratum] {
                    drawn[stratum].insert(ranks.lowerBound + generator.index(below: ranks.count))
                }
            }
            let labels = drawn.joined().map { rank in
                (bin: bins.bin(ofRank: rank), isPositive: isPositive[rank], probability: 1.0)
            }
            posterior = RatePosterior(
                bins: bins,
                counts: BinCounts(labels, binCount: bins.count),
                seed: generator.next()
            )
            let estimate = SampleEstimate(posterior, seed: generator.next())
            return SampledMeasure.allCases.map { outcome($0, estimate[$0], labels: total) }
        }
    }

    private func outcome(_ measure: SampledMeasure, _ estimate: MetricEstimate, labels: Int) -> Outcome {
        let (hits, all) = (
            Double(positives[..<bins.matchingBins].reduce(0, +)), Double(positives.reduce(0, +))
        )
        let (matches, count) = (Double(bins.matchCount), Double(bins.imageCount))
        let truth = measure.value(truePositives: hits, positives: all, matches: matches, count: count)
        let slopes = measure.slopes(truePositives: hits, positives: all, matches: matches, count: count)
        let interval = estimate.interval ?? 0...1
        return Outcome(
            isCovered: interval.lowerBound - 1e-9...interval.upperBound + 1e-9 ~= truth,
            width: interval.upperBound - interval.lowerBound,
            oracleWidth: oracleWidth(slopes, labels: labels),
            randomWidth: randomWidth(measure, truth: truth, hits: hits, all: all, labels: labels),
            error: estimate.value - truth
        )
    }

    /// Neyman's allocation with the true rates of the strata, and the normal approximation.
    private func oracleWidth(_ slopes: (matching: Double, other: Double), labels: Int) -> Double {
        let sizes = strata.map { bins.edges[$0.upperBound] - bins.edges[$0.lowerBound] }
        let variances = strata.indices.map { stratum in
            let rate = Double(positives[strata[stratum]].reduce(0, +)) / Double(sizes[stratum])
            let slope = strata[stratum].upperBound <= bins.matchingBins ? slopes.matching : slopes.other
            let size = Double(sizes[stratum])
            return size * size * slope * slope * rate * (1 - rate)
        }
        var (low, high) = (0.0, 1.0)
        func numbers(_ factor: Double) -> [Double] {
            variances.indices.map { min(factor * variances[$0].squareRoot(), Double(sizes[$0])) }
        }
        while numbers(high).reduce(0, +) < Double(labels), high < 1e12 { high *= 2 }
        for _ in 0..<50 {
            let middle = (low + high) / 2
            if numbers(middle).reduce(0, +) < Double(labels) { low = middle } else { high = middle }
        }
        let variance = zip(numbers(high), zip(variances, sizes)).reduce(0.0) { sum, item in
            item.0 > 0 ? sum + item.1.0 * (1 / item.0 - 1 / Double(item.1.1)) : sum
        }
        return 2 * 1.96 * variance.squareRoot()
    }

    /// The linearised variance of a ratio under simple random sampling (Cochran, 1977, section 2.11).
    private func randomWidth(
        _ measure: SampledMeasure,
        truth: Double,
        hits: Double,
        all: Double,
        labels: Int
    ) -> Double {
        let (matches, count) = (Double(bins.matchCount), Double(bins.imageCount))
        let (wrong, missed) = (matches - hits, all - hits)
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
