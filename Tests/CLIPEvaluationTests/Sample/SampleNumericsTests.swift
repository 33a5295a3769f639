import CLIPCore
import Testing

@testable import CLIPEvaluation

/// Distributions, bins and allocations.
struct SampleNumericsTests {
    @Test(arguments: [(0.025, 1.959963984540054), (0.5, 0), (1e-6, 4.753424308822899), (0.975, -1.959963984540054)])
    func `quantiles of the normal distribution`(probability: Double, expected: Double) {
        #expect(abs(NormalDistribution.upperQuantile(probability) - expected) < 1e-9)
    }

    @Test(arguments: [(40, 0.1), (1000, 0.5), (100_000, 0.00002), (7, 0.95)])
    func `binomial numbers have the distribution's mean and variance`(count: Int, probability: Double) {
        var generator = SeededGenerator(seed: 3)
        let values = (0..<20_000).map { _ in Double(generator.binomial(count, probability)) }
        let mean = values.reduce(0, +) / 20_000
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000
        let expected = Double(count) * probability
        let expectedVariance = expected * (1 - probability)
        #expect(abs(mean - expected) < 5 * (expectedVariance / 20_000).squareRoot())
        #expect(abs(variance / expectedVariance - 1) < 0.12)
    }

    @Test(arguments: [(1, 0), (1, 1), (3, 2), (50, 50), (1000, 0), (1000, 1), (200_000, 180), (200_000, 150_000)])
    func `bins cover a ranking, and none has both matching and other images`(count: Int, matches: Int) {
        let bins = RankBins(count: count, matches: matches)
        #expect(bins.edges.first == 0)
        #expect(bins.edges.last == count)
        #expect(bins.sizes.allSatisfy { $0 > 0 })
        #expect(bins.edges[bins.matchingBins] == matches)
        #expect(bins.strata.flatMap(Array.init) == Array(0..<bins.count))
        #expect(zip(bins.positions, bins.positions.dropFirst()).allSatisfy { $0 > $1 })
        for rank in [0, count / 2, count - 1] {
            let bin = bins.bin(ofRank: rank)
            #expect(bins.edges[bin] <= rank && rank < bins.edges[bin + 1])
        }
    }

    @Test func `labels are proportional to size times standard deviation`() {
        let labels = LabelAllocation.labels(total: 60, variances: [100, 400, 900], sizes: [99, 99, 99], existing: [0, 0, 0])
        #expect(labels == [10, 20, 30])
    }

    @Test func `a stratum keeps its labels, gets at least one and at most all`() {
        let labels = LabelAllocation.labels(total: 50, variances: [0, 1, 1e6, 4], sizes: [9, 50, 12, 50], existing: [0, 20, 0, 0])
        #expect(labels == [1, 20, 12, 17])
    }
}
