import CLIPCore
import CLIPEvaluation
import Testing

/// Intervals of drawn labels where no error was seen.
@Suite struct WeightedIntervalTests {
    /// 100 matches, all drawn and all positive; 40 of 19,900 others, none positive.
    private func evaluation(otherProbability: Double) -> Evaluation {
        let (images, decisions) = labelled(
            scores: [(0..<140).map { $0 < 100 ? 1 : 0 }],
            truth: [(0..<140).map { $0 < 100 }],
            probabilities: [(0..<140).map { $0 < 100 ? 1 : otherProbability }],
            threshold: 0.5
        )
        return Evaluation(images, decisions: decisions)
    }

    /// Three of 40 images are as many as may be positive unseen; each stands for 500.
    @Test func recallIsUnknownWhereMostImagesAreUnseen() throws {
        let metrics = try #require(evaluation(otherProbability: 40 / 19_900).categories[0].metrics)
        #expect(metrics.precision.interval == 1...1)
        #expect(metrics.recall.value == 1)
        let recall = try #require(metrics.recall.interval)
        #expect(recall.lowerBound < 0.1 && recall.upperBound == 1)
        #expect(try #require(metrics.f1.interval).lowerBound < 0.2)
    }

    /// No resample has the positive images that no label has found.
    @Test func averagePrecisionOfDrawnLabelsHasNoInterval() throws {
        let evaluation = evaluation(otherProbability: 40 / 19_900)
        let averagePrecision = try #require(evaluation.categories[0].averagePrecision)
        #expect(averagePrecision.value == 1 && averagePrecision.interval == nil)
        #expect(try #require(evaluation.meanAveragePrecision).interval == nil)
    }

    @Test func everythingIsKnownOnceAllImagesAreLabelled() throws {
        let category = evaluation(otherProbability: 1).categories[0]
        let metrics = try #require(category.metrics)
        for estimate in [metrics.precision, metrics.recall, metrics.f1] { #expect(estimate.interval == 1...1) }
        #expect(category.prevalence?.interval == 100.0 / 140...100.0 / 140)
    }

    /// The positive images are not all weighted alike, and none of them was missed.
    @Test func missedImagesMayWeighMoreThanFoundOnes() throws {
        let (images, decisions) = labelled(
            scores: [(0..<90).map { $0 < 40 ? 1 : 0 }],
            truth: [(0..<90).map { $0 < 40 }],
            probabilities: [(0..<90).map { $0 < 20 ? 1 : $0 < 40 ? 0.5 : 0.01 }],
            threshold: 0.5
        )
        let recall = try #require(Evaluation(images, decisions: decisions).categories[0].metrics?.recall)
        // 60 positive images, and up to 5.8 % of 5000 others.
        let expected = 60 / (60 + 5000 * 0.0582)
        #expect(abs(try #require(recall.interval).lowerBound - expected) < 0.005)
    }

    /// Without the scores of the collection, nothing is known of the intervals.
    @Test(arguments: [nil, 0.95]) func fittedThresholdsOfDrawnLabelsHaveNoResampledIntervals(
        _ confidence: Double?
    ) async throws {
        var scores = LabelledScores(
            positives: (0..<100).map { 0.5 + Float($0) / 1024 },
            negatives: (0..<40).map { 0.25 - Float($0) / 1024 }
        )
        scores.probabilities = (0..<140).map { $0 < 100 ? 1 : 0.002 }
        let category = try await scores.calibrate(.precision(0.9), resamples: 50, confidence: confidence).categories[0]
        #expect(category.thresholdInterval == nil)
        for estimate in [category.precision, category.recall, category.f1] {
            #expect(estimate != nil && estimate?.interval == nil)
        }
    }
}
