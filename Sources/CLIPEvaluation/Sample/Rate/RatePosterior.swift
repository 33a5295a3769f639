internal import CLIPCore

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// What labels tell about the rate of positive images in each bin of a ranking: joint draws from the posterior of a
/// ``RateModel``.
package struct RatePosterior: Sendable {
    /// The bins.
    package let bins: RankBins
    /// The labels.
    package let counts: BinCounts
    /// The draws; each has one rate per bin.
    let draws: [[Double]]

    private static let burnIn = 300
    private static let drawCount = 1000
    private static let thinning = 2

    /// Samples the posterior by elliptical slice sampling (Murray, Adams and MacKay, 2010), which needs no tuning.
    ///
    /// - Parameters:
    ///   - bins: The bins of the ranking.
    ///   - counts: The labels in them; without labels, the draws are those of the prior.
    ///   - seed: The same seed gives the same draws.
    package init(bins: RankBins, counts: BinCounts, seed: UInt64) {
        self.bins = bins
        self.counts = counts
        let model = RateModel(bins)
        var generator = SeededGenerator(seed: seed)
        var chain = Chain(model: model, counts: counts)
        let hasLabels = counts.labelled.contains { $0 > 0 }
        if hasLabels { for _ in 0..<Self.burnIn { chain.advance(&generator) } }
        draws = (0..<Self.drawCount).map { _ in
            for _ in 0..<(hasLabels ? Self.thinning : 1) { chain.advance(&generator) }
            return chain.rates
        }
    }

    /// The mean rate of each bin.
    package var meanRates: [Double] {
        (0..<bins.count).map { bin in draws.reduce(0) { $0 + $1[bin] } / Double(draws.count) }
    }

    /// The measures in each draw.
    func fractions(of measures: [SampledMeasure], seed: UInt64) -> [[SampledFraction]] {
        let parts = (0..<bins.count).map { bin in
            MeasureDraws.Part(
                isMatch: bin < bins.matchingBins,
                unlabelled: bins.size(bin) - counts.labelled[bin],
                positive: counts.positive[bin]
            )
        }
        var measured = MeasureDraws(of: measures, parts, matches: bins.matchCount, count: bins.imageCount, seed: seed)
        for rates in draws { measured.add(rates) }
        return measured.fractions
    }

    /// The variance that one label of each stratum removes: `E[Σ Nₕ² c² p(1 − p)]`, the square of Neyman's (1934)
    /// optimal share of the labels, with `c` from ``SampledMeasure/slopes(truePositives:positives:matches:count:)``.
    func variances(of measure: SampledMeasure, strata: [Range<Int>]) -> [Double] {
        var binVariances = [Double](repeating: 0, count: bins.count)
        let (count, matches) = (Double(bins.imageCount), Double(bins.matchCount))
        for rates in draws {
            var (hits, positives) = (0.0, 0.0)
            for bin in 0..<bins.count {
                let expected = rates[bin] * Double(bins.size(bin))
                positives += expected
                if bin < bins.matchingBins { hits += expected }
            }
            let slopes = measure.slopes(truePositives: hits, positives: positives, matches: matches, count: count)
            for bin in 0..<bins.count {
                let slope = bin < bins.matchingBins ? slopes.matching : slopes.other
                binVariances[bin] += slope * slope * rates[bin] * (1 - rates[bin])
            }
        }
        return strata.map { stratum in
            let size = Double(bins.edges[stratum.upperBound] - bins.edges[stratum.lowerBound])
            let within = stratum.reduce(0.0) { $0 + Double(bins.size($1)) * binVariances[$1] }
            return size * within / Double(draws.count)
        }
    }
}

/// The state of the sampler.
private struct Chain {
    private let model: RateModel
    private let counts: BinCounts
    private let labelledBins: [Int]
    private var state: [Double]
    private var direction: [Double]
    private var candidate: [Double]
    private var logLikelihood = 0.0
    private(set) var rates: [Double]

    init(model: RateModel, counts: BinCounts) {
        self.model = model
        self.counts = counts
        labelledBins = counts.effectiveLabelled.indices.filter { counts.effectiveLabelled[$0] > 0 }
        state = [Double](repeating: 0, count: model.parameterCount)
        direction = state
        candidate = state
        rates = [Double](repeating: 0, count: model.binCount)
        model.rates(state, into: &rates)
        logLikelihood = currentLogLikelihood()
    }

    /// The log likelihood of the rates, or any number below `least` if it is not above that.
    private func currentLogLikelihood(least: Double = -.infinity) -> Double {
        var sum = 0.0
        for bin in labelledBins {
            let (labelled, positive) = (counts.effectiveLabelled[bin], counts.effectivePositive[bin])
            if positive > 0 { sum += positive * log(rates[bin]) }
            if labelled > positive { sum += (labelled - positive) * log(1 - rates[bin]) }
            // No term is positive.
            if sum < least { break }
        }
        return sum
    }

    mutating func advance(_ generator: inout SeededGenerator) {
        for index in stride(from: 0, to: direction.count, by: 2) {
            let pair = generator.normals()
            direction[index] = pair.0
            if index + 1 < direction.count { direction[index + 1] = pair.1 }
        }
        let level = logLikelihood + log(generator.unit())
        var angle = generator.unit() * 2 * .pi
        var (low, high) = (angle - 2 * .pi, angle)
        while true {
            let (cosine, sine) = (cos(angle), sin(angle))
            for index in state.indices { candidate[index] = cosine * state[index] + sine * direction[index] }
            model.rates(candidate, into: &rates)
            logLikelihood = currentLogLikelihood(least: level)
            if logLikelihood > level { break }
            if angle < 0 { low = angle } else { high = angle }
            angle = low + (high - low) * generator.unit()
        }
        swap(&state, &candidate)
    }
}
