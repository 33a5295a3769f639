import CLIPCore
import CLIPEvaluation
import CLIPTesting
import Foundation
import TestSupport
import Testing

/// Figures are those of scikit-learn.
///
/// `Tools/fixtures/make_metric_fixtures.py` made the reference values.
@Suite struct MetricParityTests {
    /// Sums of at most 50 quotients, each within 2⁻⁵² of the exact one, in another order.
    private static let tolerance = 1e-12

    struct Reference: Decodable {
        struct Figures: Decodable {
            let precision: Double
            let recall: Double
            let f1: Double
        }

        struct Curve: Decodable {
            let precision: [Double]
            let recall: [Double]
            let thresholds: [Float]
        }

        struct Category: Decodable {
            let precision: Double
            let recall: Double
            let f1: Double
            let prevalence: Double
            let averagePrecision: Double
            let curve: Curve
        }

        struct Case: Decodable, CustomTestStringConvertible {
            let name: String
            let threshold: Float
            let scores: [[Float]]
            let labels: [[Int?]]
            let probabilities: [[Double]]?
            let categories: [Category]
            let micro: Figures
            let macro: Figures
            let meanAveragePrecision: Double
            var testDescription: String { name }
        }

        struct Exclusive: Decodable {
            let threshold: Float
            let truth: [Int]
            let scores: [[Float]]
            let matrix: [Double]
            let accuracy: Double
            let probabilities: [Double]
            let weightedMatrix: [Double]
        }

        let cases: [Case]
        let exclusive: Exclusive
    }

    private static let reference = Result {
        try JSONDecoder().decode(
            Reference.self,
            from: Data(contentsOf: URL(filePath: Fixture.path("metrics.json")))
        )
    }

    @Test(arguments: try reference.get().cases)
    func figuresEqualScikitLearns(_ test: Reference.Case) throws {
        let (images, decisions) = labelled(
            scores: test.scores,
            truth: test.labels.map { $0.map { $0.map { $0 == 1 } } },
            probabilities: test.probabilities ?? [],
            threshold: test.threshold
        )
        let evaluation = Evaluation(images, decisions: decisions, bootstrap: BootstrapOptions(resamples: 0))
        for (category, expected) in zip(evaluation.categories, test.categories) {
            let figures = try #require(category.metrics)
            #expect(abs(figures.precision.value - expected.precision) < Self.tolerance)
            #expect(abs(figures.recall.value - expected.recall) < Self.tolerance)
            #expect(abs(figures.f1.value - expected.f1) < Self.tolerance)
            let averagePrecision = try #require(category.averagePrecision)
            #expect(abs(averagePrecision.value - expected.averagePrecision) < Self.tolerance)
            #expect(averagePrecision.interval == nil)
            #expect(abs((category.prevalence?.value ?? -1) - expected.prevalence) < Self.tolerance)
        }
        for (figures, expected) in [(evaluation.micro, test.micro), (evaluation.macro, test.macro)] {
            let figures = try #require(figures)
            #expect(abs(figures.precision.value - expected.precision) < Self.tolerance)
            #expect(abs(figures.recall.value - expected.recall) < Self.tolerance)
            #expect(abs(figures.f1.value - expected.f1) < Self.tolerance)
        }
        let mean = try #require(evaluation.meanAveragePrecision)
        #expect(abs(mean.value - test.meanAveragePrecision) < Self.tolerance)
    }

    @Test(arguments: try reference.get().cases)
    func curvesEqualScikitLearns(_ test: Reference.Case) throws {
        for (index, expected) in test.categories.enumerated() {
            let curve = PrecisionRecallCurve(
                scores: test.scores[index],
                truth: test.labels[index].map { $0.map { $0 == 1 } },
                weights: test.probabilities.map { $0[index].map { 1 / $0 } } ?? test.labels[index].map { _ in 1 }
            )
            #expect(curve.points.compactMap(\.threshold) == expected.curve.thresholds)
            #expect(curve.points.count == expected.curve.precision.count)
            for (point, reference) in zip(curve.points, zip(expected.curve.precision, expected.curve.recall)) {
                #expect(abs(point.precision - reference.0) < Self.tolerance)
                #expect(abs(point.recall - reference.1) < Self.tolerance)
            }
            let averagePrecision = try #require(curve.averagePrecision)
            #expect(abs(averagePrecision - expected.averagePrecision) < Self.tolerance)
        }
    }

    @Test func theConfusionMatrixEqualsScikitLearns() throws {
        let test = try Self.reference.get().exclusive
        let (images, decisions) = labelled(
            scores: test.scores,
            truth: test.scores.indices.map { category in test.truth.map { $0 == category } },
            threshold: test.threshold
        )
        let file = exclusiveFile(images, threshold: test.threshold)
        let matrix = try ConfusionMatrix(images, decisions: decisions, allOf: file)
        #expect(matrix.counts == test.matrix)
        #expect(abs((matrix.accuracy ?? -1) - test.accuracy) < Self.tolerance)

        let drawn = labelled(
            scores: test.scores,
            truth: test.scores.indices.map { category in test.truth.map { $0 == category } },
            probabilities: test.scores.map { _ in test.probabilities },
            threshold: test.threshold
        )
        let weighted = try ConfusionMatrix(drawn.images, decisions: drawn.decisions, allOf: file)
        for (count, expected) in zip(weighted.counts, test.weightedMatrix) {
            // Sums of up to a few hundred, in another order.
            #expect(abs(count - expected) <= Self.tolerance * max(1, expected))
        }
    }
}
