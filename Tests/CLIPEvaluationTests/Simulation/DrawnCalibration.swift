import CLIPCore
import CLIPEvaluation

/// Collections of which the sampler draws labels, for a category file whose threshold is not the best one, and to whose
/// labels a threshold is then fitted.
struct DrawnCalibration {
    static let totals = [100, 200, 400]
    static let configurations: [(shape: SampledShape, prevalence: Double)] =
        [SampledShape.normal25, .normal35, .skewed, .bimodal].flatMap { shape in
            (shape == .normal25 ? [0.1, 0.01, 0.001] : [0.01, 0.001]).map { (shape, $0) }
        } + [SampledShape.heavy, .ties, .wide, .mixed].map { ($0, 0.01) }

    let shape: SampledShape
    let prevalence: Double
    let target: CalibrationTarget

    /// What came out with a number of labels.
    struct Outcome {
        /// Numbers to average.
        ///
        /// Whether the intervals of precision, recall, F1 and the threshold hold the truth, 1 or 0; the errors of precision,
        /// recall and F1; and the F1 of the new threshold, of one fitted to weighted labels, and of the best one. For another
        /// target than F1, the first three, the errors, and whether the intervals that `evaluate` prints for the new
        /// threshold hold the truth.
        var columns: [Double]
    }

    /// The outcomes with 100, 200 and 400 labels of each collection; `nil` with too few positive labels, or if the target is out
    /// of reach.
    func outcomes(runs: Int) async throws -> [[Outcome?]] {
        let best = shape.threshold(prevalence) + (shape == .lowThreshold ? 0.8 : 0)
        return try await Simulation.results(runs) { generator in
            let threshold = best + Float(0.4 * generator.normal())
            let collection = shape.collection(prevalence, threshold: threshold, &generator)
            let run = SampledRun(collection, seed: generator.next())
            let rounds = try run.rounds([50] + Self.totals).dropFirst()
            let (passing, largest) = (collection.passing, collection.bestThreshold)
            var outcomes = [Outcome?]()
            for round in rounds {
                outcomes.append(await outcome(run, round.labels, in: passing, best: best, largest: largest))
            }
            return outcomes
        }
    }

    /// - Parameters:
    ///   - run: The collection.
    ///   - labels: What is known of it.
    ///   - passing: Its scores, if all images match.
    ///   - best: The threshold of largest F1 in all such collections.
    ///   - largest: The same in this one.
    /// - Returns: What came out; `nil` with too few positive labels, or if the target is out of reach.
    private func outcome(
        _ run: SampledRun,
        _ labels: ImageLabels,
        in passing: CollectionScores,
        best: Float,
        largest: Float
    ) async -> Outcome? {
        let images = run.scored(labels)
        let collection = run.collection
        guard
            let category = try? await images.calibrate(target, resamples: 50, collection: passing).categories.first
        else { return nil }
        let truth = collection.figures(threshold: category.threshold)
        let estimates = [category.precision, category.recall, category.f1]
        let covered = zip(estimates, truth).map { $0?.covers($1) == true ? 1.0 : 0 }
        let errors = zip(estimates, truth).map { ($0?.value ?? 0) - $1 }
        guard target == .f1, let weighted = try? await images.calibrate(target).categories.first else {
            let evaluated = collection.deciding(threshold: category.threshold).scores
                .estimate(category: 0, labels: run.drawn(labels), isFitted: true, seed: 0)
            let evaluatedCovered = zip([evaluated.precision, evaluated.recall, evaluated.f1], truth).map {
                $0.covers($1) ? 1.0 : 0
            }
            return Outcome(columns: covered + errors + evaluatedCovered)
        }
        let isBestCovered = category.thresholdInterval?.contains(Double(best)) == true
        let reached = [category.threshold, weighted.threshold, largest]
        return Outcome(
            columns: covered + [isBestCovered ? 1 : 0] + errors + reached.map { collection.figures(threshold: $0)[2] }
        )
    }
}
