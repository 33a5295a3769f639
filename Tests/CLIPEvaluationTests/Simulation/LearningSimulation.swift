import CLIPCore
import CLIPEvaluation
import CLIPTesting
import TestSupport

extension Simulation {
    /// By how much the estimates of precision and recall of a rule that learns from images differ from the values for all
    /// images, and the true precision: sums in this order.
    ///
    /// Images are normal vectors of eight dimensions, of which positive ones have a mean.
    static func learning(
        _ rule: RuleChoice,
        _ target: CalibrationTarget,
        images count: Int,
        folds: Int,
        runs: Int
    ) async throws -> Tally {
        let file = CategoryFile(categories: [.init(name: "c0", positive: [], threshold: 0)], rule: rule)
        let embedder = TextFunction(model: .stub(dimension: 8)) { _ in EmbeddingMatrix(dimension: 8) }
        let calibration = ThresholdCalibration(
            target: target,
            folds: folds,
            bootstrap: BootstrapOptions(resamples: 0)
        )
        return try await tally(runs) { generator, tally in
            let images = try Self.images(count, generator: &generator)
            guard let result = try? await calibration.calibrate(file, images, embedder: embedder) else { return }
            let category = result.categories[0]
            let bank = try await PromptBank(file, embedder: embedder, exemplars: Exemplars(images))
            let new = try Self.images(4000, generator: &generator)
            let scores = try Classifier(file, bank: bank).score(new.embeddings).map(\.score)
            let truth = LabelledScores(
                categoryCount: 1,
                evidence: scores.map { Evidence(score: $0, positive: $0) },
                truth: new.truth
            ).figures(threshold: category.threshold)
            tally.runs += 1
            let estimates = [(category.precision, truth.precision), (category.recall, truth.recall)]
            for (index, (estimate, truth)) in estimates.enumerated() {
                tally.sums[index] += (estimate?.value ?? 0) - truth
            }
            tally.sums[2] += truth.precision
        }
    }

    private static func images(_ count: Int, generator: inout SeededGenerator) throws -> LabelledEmbeddings {
        let truth = (0..<count).map { Optional($0 % 5 < 2) }
        let values = truth.flatMap { isPositive in
            (0..<8).map { _ in (isPositive == true ? 0.6 : 0) + Float(ScoreProcess.normal(&generator)) }
        }
        return LabelledEmbeddings(
            ids: (0..<count).map { "\($0)" },
            embeddings: try EmbeddingMatrix(dimension: 8, values: values).normalized(),
            categories: ["c0"],
            truth: truth
        )
    }

    /// How often the removal of a component without any effect on the distribution of scores seems to have one: on F1 and
    /// on average precision.
    ///
    /// A score is `x − n`. For half of the noise, the negative description `n` swaps one draw for another of the same
    /// distribution: `x` is signal plus the first draw, and `n` the first minus the second.
    static func ablation(positives: Int, negatives: Int, runs: Int) async throws -> Tally {
        let file = CategoryFile(categories: [.init(name: "c0", positive: ["x"], negative: ["n"], threshold: 0)])
        let embedder = TextFunction(model: .stub(dimension: 3)) { texts in
            EmbeddingMatrix(dimension: 3, values: texts.flatMap { $0 == "x" ? [1, 0, 0] as [Float] : [0, 1, 0] })
        }
        return try await tally(runs) { generator, tally in
            var values = [Float]()
            for image in 0..<(positives + negatives) {
                let draws = (0..<2).map { _ in 0.05 * Float(ScoreProcess.normal(&generator)) }
                let x = (image < positives ? 0.08 : 0) + draws[0]
                let n = draws[0] - draws[1]
                values += [x, n, (1 - x * x - n * n).squareRoot()]
            }
            let images = LabelledEmbeddings(
                ids: (0..<(positives + negatives)).map { "\($0)" },
                embeddings: EmbeddingMatrix(dimension: 3, values: values),
                categories: ["c0"],
                truth: (0..<(positives + negatives)).map { $0 < positives }
            )
            let bootstrap = BootstrapOptions(resamples: 100, seed: generator.next())
            let result = try await Ablation(partitions: 2, bootstrap: bootstrap).run(
                file,
                images: images,
                embedder: embedder
            )
            let effect = result[0].effects[0]
            tally.runs += 1
            if effect.f1.verdict != .unclear { tally.held[0] += 1 }
            if effect.averagePrecision.verdict != .unclear { tally.held[1] += 1 }
        }
    }
}
