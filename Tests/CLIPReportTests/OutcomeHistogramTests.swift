import CLIPCore
import CLIPReport
import Testing

@Suite struct OutcomeHistogramTests {
    private static func histogram(_ scores: [Float]) -> OutcomeHistogram {
        scores.reduce(into: OutcomeHistogram()) { $0.add($1, .belowThreshold) }
    }

    @Test func everyScoreIsInTheBinThatHoldsIt() {
        var generator = SeededGenerator(seed: 1)
        let scores = (0..<5000).map { _ in Float.random(in: -0.37...0.82, using: &generator) }
        let histogram = Self.histogram(scores)
        for (index, bin) in histogram.bins.enumerated() {
            let low = histogram.start + Double(index) * histogram.width
            let held = scores.filter { (low..<low + histogram.width).contains(Double($0)) }
            #expect(bin.below == held.count)
        }
        #expect(histogram.bins.reduce(0) { $0 + $1.below } == scores.count)
    }

    @Test func theOrderOfTheScoresDoesNotMatter() {
        var generator = SeededGenerator(seed: 2)
        let scores = (0..<1000).map { _ in Float.random(in: -3...9, using: &generator) }
        let histogram = Self.histogram(scores)
        #expect(Self.histogram(scores.reversed()) == histogram)
        #expect(Self.histogram(scores.sorted()) == histogram)
    }

    @Test(arguments: [
        [0, 1], [-1e30, 1e30], [0.1, 0.100001], [-0.5, Float.greatestFiniteMagnitude], [1e-30, 2e-30],
    ])
    func thereAreFewBinsWhateverTheRange(_ ends: [Float]) {
        let histogram = Self.histogram(ends + ends)
        #expect(1...OutcomeHistogram.maximumBins ~= histogram.bins.count)
        #expect(histogram.bins.reduce(0) { $0 + $1.below } == 4)
    }

    @Test func binsAreAsNarrowAsTheirNumberAllows() {
        let histogram = Self.histogram([0, 1, 0.5])
        // Bins of half that width would be 513.
        #expect(histogram.width == 1.0 / 256 && histogram.bins.count == 257)
    }

    @Test func outcomesAreCountedApart() {
        var histogram = OutcomeHistogram()
        histogram.add(0.5, .match)
        histogram.add(0.5, .match)
        histogram.add(0.5, .belowNeutral)
        histogram.add(.infinity, .match)
        #expect(histogram.bins == [.init(matches: 2, heldBack: 1, below: 0)])
    }

    @Test func belowTheThresholdThoseThatFailTheNeutralTestAreCountedApart() {
        var histogram = OutcomeHistogram()
        histogram.add(0.5, .belowThreshold)
        histogram.add(0.5, .belowThreshold, passesNeutralTest: false)
        histogram.add(0.5, .belowNeutral, passesNeutralTest: false)
        #expect(histogram.bins == [.init(heldBack: 1, below: 2, belowAndHeldBack: 1)])
    }
}
