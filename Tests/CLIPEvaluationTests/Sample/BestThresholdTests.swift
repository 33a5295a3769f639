import CLIPCore
import CLIPEvaluation
import Testing

/// Thresholds of largest F1 from drawn labels, fitted to the whole collection.
@Suite struct BestThresholdTests {
    /// A collection of which 200 labels were drawn, and what is fitted to them.
    private static func fitted() async throws -> (run: SampledRun, labels: ImageLabels, CalibrationResult.Category) {
        var generator = SeededGenerator(seed: 7)
        let collection = SampledShape.normal25.collection(0.05, threshold: 1.6, &generator)
        let run = SampledRun(collection, seed: 7)
        let labels = try run.rounds([50, 100, 200])[2].labels
        let result = try await run.scored(labels).calibrate(.f1, resamples: 1, collection: collection.passing)
        return (run, labels, try #require(result.categories.first))
    }

    @Test func metricsAreThoseThatEvaluateGivesForTheNewThreshold() async throws {
        let (run, labels, category) = try await Self.fitted()
        let decided = run.collection.deciding(threshold: category.threshold)
        let images = LabelledEmbeddings(
            ids: labels.ids,
            embeddings: EmbeddingMatrix(dimension: 1, values: labels.ids.map { _ in 1 }),
            categories: ["c0"],
            truth: labels.ids.map { labels.isMember(id: $0, category: "c0") },
            probabilities: labels.ids.map { labels.probability(id: $0, category: "c0") }
        )
        let estimate = try #require(decided.scores.estimates(images)[0])
        #expect(category.isEstimated)
        #expect(category.precision == estimate.precision)
        #expect(category.recall == estimate.recall)
        #expect(category.f1 == estimate.f1)
    }

    @Test func theThresholdIsInItsIntervalAndNearlyTheBest() async throws {
        let (run, _, category) = try await Self.fitted()
        #expect(try #require(category.thresholdInterval).contains(Double(category.threshold)))
        let reached = run.collection.figures(threshold: category.threshold)[2]
        let best = run.collection.figures(threshold: run.collection.bestThreshold)[2]
        #expect(reached > best - 0.03)
    }

    @Test func withoutResamplesThereAreNoIntervals() async throws {
        var generator = SeededGenerator(seed: 7)
        let collection = SampledShape.normal25.collection(0.05, threshold: 1.6, &generator)
        let run = SampledRun(collection, seed: 7)
        let labels = try run.rounds([100])[0].labels
        let result = try await run.scored(labels).calibrate(.f1, collection: collection.passing)
        let category = try #require(result.categories.first)
        #expect(category.thresholdInterval == nil && category.f1?.interval == nil && category.f1 != nil)
    }

    /// With every image labelled, nothing is left to estimate.
    @Test func metricsOfACensusAreExact() async throws {
        var generator = SeededGenerator(seed: 3)
        let images = SampledShape.normal35.images(0.2, count: 300, &generator)
        let collection = SimulatedCollection(images, threshold: 2)
        let run = SampledRun(collection, seed: 3)
        let labels = try run.rounds([300])[0].labels
        let category = try #require(
            try await run.scored(labels).calibrate(.f1, resamples: 1, collection: collection.passing).categories.first
        )
        let truth = collection.figures(threshold: category.threshold)
        for (estimate, truth) in zip([category.precision, category.recall, category.f1], truth) {
            let estimate = try #require(estimate)
            #expect(estimate.value == truth && estimate.interval == truth...truth)
        }
    }

    /// The same score for many images: a threshold is one of the scores, or between two of them.
    @Test func noThresholdSeparatesEqualScores() async throws {
        var generator = SeededGenerator(seed: 5)
        let collection = SampledShape.ties.collection(0.05, threshold: 2, &generator)
        let run = SampledRun(collection, seed: 5)
        let labels = try run.rounds([200])[0].labels
        let result = try await run.scored(labels).calibrate(.f1, collection: collection.passing)
        let threshold = try #require(result.categories.first).threshold
        #expect((2 * threshold).rounded() != 2 * threshold)
    }

    /// A model that is cut at the threshold of a recall, where hardly an image is positive, holds the truth in 43 % of runs.
    ///
    /// Allowed are three binomial standard errors: 0.95 of 40 runs scatter by 10.3 percentage points.
    @Test(arguments: [(CalibrationTarget.recall(0.8), 0.001, 2), (.precision(0.8), 0.01, 1)])
    func intervalsHoldForAWantedPrecisionOrRecall(
        _ target: CalibrationTarget,
        prevalence: Double,
        round: Int
    ) async throws {
        let calibration = DrawnCalibration(shape: .normal25, prevalence: prevalence, target: target)
        let outcomes = try await calibration.outcomes(runs: 40).compactMap { $0[round] }
        for column in 0..<3 {
            let coverage = outcomes.reduce(0) { $0 + $1.columns[column] } / Double(outcomes.count)
            #expect(coverage > 0.95 - 0.103, "\(column): \(coverage)")
        }
    }

    /// The estimate of what is wanted, a median, is about what is wanted, a mean.
    @Test func aTargetIsReachedInTheMeanOrRefused() async throws {
        var generator = SeededGenerator(seed: 7)
        let collection = SampledShape.normal25.collection(0.05, threshold: 1.6, &generator)
        let run = SampledRun(collection, seed: 7)
        let images = run.scored(try run.rounds([50, 100, 200])[2].labels)
        func category(_ target: CalibrationTarget) async throws -> CalibrationResult.Category {
            try #require(
                try await images.calibrate(target, resamples: 1, collection: collection.passing).categories.first
            )
        }
        let precision = try await category(.precision(0.7))
        #expect(abs(try #require(precision.precision).value - 0.7) < 0.05)
        let recall = try await category(.recall(0.9))
        #expect(abs(try #require(recall.recall).value - 0.9) < 0.05)
        #expect(recall.threshold < precision.threshold)
        for category in [precision, recall] {
            #expect(try #require(category.thresholdInterval).contains(Double(category.threshold)))
        }
        let error = await #expect(throws: CLIPError.self) { try await category(.precision(1)) }
        #expect(error?.message.contains("cannot reach precision=1.0: the best possible value is 0.") == true)
    }

    /// The metrics of a promised threshold are estimates for the collection, too.
    @Test func promisedThresholdsOfDrawnLabelsHaveEstimates() async throws {
        var generator = SeededGenerator(seed: 11)
        let collection = SampledShape.normal35.collection(0.1, threshold: 2.2, &generator)
        let run = SampledRun(collection, seed: 11)
        let images = run.scored(try run.rounds([50, 100, 200])[2].labels)
        let result = try await images.calibrate(
            .recall(0.8),
            resamples: 1,
            confidence: 0.95,
            collection: collection.passing
        )
        let category = try #require(result.categories.first)
        #expect(category.isEstimated && category.thresholdInterval == nil)
        let truth = collection.figures(threshold: category.threshold)
        for (estimate, truth) in zip([category.precision, category.recall, category.f1], truth) {
            let estimate = try #require(estimate)
            #expect(estimate.interval != nil && abs(estimate.value - truth) < 0.1, "\(estimate) \(truth)")
        }
    }

    /// Allowed are three binomial standard errors: 0.95 of 60 runs scatter by 8.4 percentage points.
    @Test(arguments: [SampledShape.normal25, .bimodal])
    func intervalsHoldTheTruthOfTheChosenThreshold(_ shape: SampledShape) async throws {
        let calibration = DrawnCalibration(shape: shape, prevalence: 0.01, target: .f1)
        let outcomes = try await calibration.outcomes(runs: 60).compactMap { $0[1] }
        for column in 0..<3 {
            let coverage = outcomes.reduce(0) { $0 + $1.columns[column] } / Double(outcomes.count)
            #expect(coverage > 0.95 - 0.084, "\(column): \(coverage)")
        }
        for column in 4..<7 {
            let bias = outcomes.reduce(0) { $0 + $1.columns[column] } / Double(outcomes.count)
            #expect(abs(bias) < 0.06, "\(column): \(bias)")
        }
        let (reached, weighted) = (7, 8)
        #expect(outcomes.reduce(0) { $0 + $1.columns[reached] - $1.columns[weighted] } > 0)
    }
}
