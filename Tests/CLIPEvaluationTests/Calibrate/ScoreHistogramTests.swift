import CLIPCore
import CLIPEvaluation
import Testing

@Suite struct ScoreHistogramTests {
    @Test func scoresAreCountedByKind() {
        let histogram = ScoreHistogram(scores: [0, 0.25, 0.5, 1], labels: [false, nil, true, true], binCount: 4)
        #expect(histogram.bins.map(\.negatives) == [1, 0, 0, 0])
        #expect(histogram.bins.map(\.unlabelled) == [0, 1, 0, 0])
        #expect(histogram.bins.map(\.positives) == [0, 0, 1, 1])
        #expect([-1, 0, 0.3, 1, 2].map(histogram.bin(of:)) == [0, 0, 1, 3, 3])
    }

    @Test func theGapIsTheEmptiestValley() {
        func gap(_ counts: [Int]) -> ClosedRange<Int>? {
            let scores = counts.enumerated().flatMap { bin, count in [Float](repeating: Float(bin), count: count) }
            return ScoreHistogram(scores: scores, binCount: counts.count).gap
        }
        #expect(gap([5, 20, 9, 0, 0, 6, 3]) == 3...4)
        #expect(gap([20, 4, 9, 1, 12]) == 3...3)
        #expect(gap([1, 5, 9, 5, 1]) == nil)
        #expect(gap([9, 8, 9]) == nil)
        #expect(gap([4]) == nil)
    }

    @Test func itIsDrawnForATerminal() {
        let scores = [Float](repeating: 0, count: 16) + [Float](repeating: 0.375, count: 3) + [0.5]
        let labels: [Bool?] = scores.map { $0 == 0 ? false : $0 < 0.5 ? true : nil }
        let text = ScoreHistogram(scores: scores, labels: labels, binCount: 4).text(threshold: 0.3)
        #expect(
            text == """
                0.375   4  ++++++++++++++++#####
                0.250   0                                               <- threshold 0.3000, gap
                0.125   0                                               <- gap
                0.000  16  ------------------------------------------
                """
        )
    }

    @Test func aThresholdFarAwayIsDrawnAtTheEnd() {
        let text = ScoreHistogram(scores: [0, 1], binCount: 2).text(threshold: 1e30)
        #expect(text.split(separator: "\n").first?.contains("<- threshold 1000") == true, "\(text)")
    }

    @Test(arguments: [1, 1000, 1_000_000])
    func noLineIsWiderThanTheTerminal(_ images: Int) {
        let scores = (0..<min(images, 1000)).map { Float($0 % 37) * -0.0123 }
        let text = ScoreHistogram(scores: scores).text(columns: 80, threshold: -0.2)
        let widths = text.split(separator: "\n").map(\.count)
        #expect(widths.count == 20)
        #expect(widths.allSatisfy { $0 <= 80 })
    }

    @Test func equalScoresFallIntoOneBin() {
        let histogram = ScoreHistogram(scores: [0.5, 0.5], binCount: 3)
        #expect(histogram.bins.map(\.count) == [2, 0, 0])
    }
}
