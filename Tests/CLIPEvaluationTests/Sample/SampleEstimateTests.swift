import CLIPCore
import CLIPEvaluation
import Testing

/// Estimates over a whole collection from drawn labels.
struct SampleEstimateTests {
    private func estimate(
        _ collection: SampledCollection,
        rounds: [Int],
        seed: UInt64 = 0
    ) throws -> SampleEstimate {
        let sampler = LabelSampler(seed: seed)
        var labels: ImageLabels?
        for count in rounds {
            labels = try collection.labelled(sampler.draw(count, from: collection.scores, earlier: labels))
        }
        return try #require(try sampler.draw(0, from: collection.scores, earlier: labels).estimates[0])
    }

    @Test func `with every image labelled, the measures are exact`() throws {
        let collection = SampledCollection(count: 80, prevalence: 0.2)
        let estimate = try estimate(collection, rounds: [80])
        for measure in SampledMeasure.allCases {
            let truth = collection.value(measure)
            #expect(abs(estimate[measure].value - truth) < 1e-12)
            #expect(estimate[measure].interval == estimate[measure].value...estimate[measure].value)
        }
    }

    @Test func `more labels narrow the interval`() throws {
        let collection = SampledCollection(count: 20_000, prevalence: 0.01)
        let widths = try [[50], [50, 150], [50, 150, 600]].map { rounds in
            let interval = try #require(try estimate(collection, rounds: rounds).f1.interval)
            return interval.upperBound - interval.lowerBound
        }
        #expect(widths[1] < 0.8 * widths[0])
        #expect(widths[2] < 0.8 * widths[1])
    }

    @Test func `intervals contain the truth in most collections`() throws {
        var covered = 0
        for seed in 0..<20 {
            let collection = SampledCollection(count: 5000, prevalence: 0.02, seed: UInt64(seed))
            let estimate = try estimate(collection, rounds: [50, 50])
            for measure in SampledMeasure.allCases {
                covered += estimate[measure].interval?.contains(collection.value(measure)) == true ? 1 : 0
            }
        }
        // Of 80; with a coverage of 95 %, fewer have a probability below 0.1 % even if the four always agree.
        #expect(covered >= 64)
    }

    @Test func `an interval does not vanish where every label is positive`() throws {
        let collection = SampledCollection(count: 20_000, prevalence: 0.5)
        let precision = try estimate(collection, rounds: [10]).precision
        let interval = try #require(precision.interval)
        #expect(interval.lowerBound < 0.99)
    }

    @Test func `the outlook holds`() throws {
        let collection = SampledCollection(count: 20_000, prevalence: 0.02)
        let sampler = LabelSampler()
        let first = try collection.labelled(sampler.draw(100, from: collection.scores))
        let known = try sampler.draw(0, from: collection.scores, earlier: first)
        let outlook = try #require(known.categories[0].outlook)
        let more = try collection.labelled(sampler.draw(outlook.labels, from: collection.scores, earlier: first))
        let then = try #require(try sampler.draw(0, from: collection.scores, earlier: more).estimates[0]?.f1.interval)
        let halfWidth = (then.upperBound - then.lowerBound) / 2
        #expect(halfWidth < 1.35 * outlook.halfWidth)
        #expect(halfWidth > 0.65 * outlook.halfWidth)
    }

    @Test func `labels that were drawn with different probabilities are weighted`() {
        let labels = (0..<20).map { index in
            (bin: 0, isPositive: index < 10, probability: index < 10 ? 0.9 : 0.1)
        }
        let weighted = BinCounts(labels, binCount: 2)
        #expect(weighted.labelled == [20, 0])
        #expect(weighted.positive == [10, 0])
        let bins = RankBins(count: 8, matches: 4)
        #expect(bins.count == 2)
        let rates = [labels, labels.map { ($0.bin, $0.isPositive, 0.5) }].map { labels in
            let posterior = RatePosterior(bins: bins, counts: BinCounts(labels, binCount: 2), seed: 1)
            return posterior.meanRates[0]
        }
        #expect(rates[0] < 0.35)
        #expect(rates[1] > 0.4)
    }
}
