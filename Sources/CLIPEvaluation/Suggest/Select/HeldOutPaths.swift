internal import CLIPCore

/// Greedy selections, each made without one fold, and measured on it.
///
/// F1, precision and recall are those of the pooled decisions about all folds, averaged over partitions. Both the
/// changes and the thresholds come from the other folds.
struct HeldOutPaths: Sendable {
    /// For each partition and fold, the selection without this fold.
    let steps: [[[GreedySelection.Step]]]
    let partitions: [StratifiedFolds]
    let margin: Float

    /// The largest number of changes of any selection.
    var maximumChanges: Int { steps.flatMap(\.self).map { $0.count - 1 }.max() ?? 0 }

    /// The metrics after at most `changes` changes, the mean over the targets.
    ///
    /// - Parameters:
    ///   - changes: The number of changes, at most; a selection that ended earlier counts as it is.
    ///   - weights: How often each image counts, once for each target.
    /// - Returns: The metrics, 0 where one is undefined.
    func metrics(changes: Int, weights: [[Double]]) -> HeldOutMetrics {
        var sum = HeldOutMetrics()
        for (target, weights) in weights.enumerated() {
            for (folds, steps) in zip(partitions, steps) {
                let counts = folds.heldOutCounts(weights, margin: margin) { fold in
                    steps[fold][min(changes, steps[fold].count - 1)].ranked[target]
                }
                sum.f1 += counts.f1 ?? 0
                sum.precision += counts.precision ?? 0
                sum.recall += counts.recall ?? 0
            }
        }
        let count = Double(weights.count * partitions.count)
        return HeldOutMetrics(precision: sum.precision / count, recall: sum.recall / count, f1: sum.f1 / count)
    }

    /// The fraction of the selections that made a change among their first `changes`.
    func support(of change: DescriptionChange, among changes: Int) -> Double {
        let all = steps.flatMap(\.self)
        return Double(all.count { $0[min(changes, $0.count - 1)].changes.contains(change) }) / Double(all.count)
    }
}

/// The gain of each number of changes, and the number of changes to make.
struct HeldOutGain: Sendable {
    /// The metrics without changes.
    let before: HeldOutMetrics
    /// The metrics with the chosen number of changes.
    let after: HeldOutMetrics
    /// The number of changes; at least 1 if any selection made one.
    let changes: Int
    /// F1 after minus F1 before.
    let f1: MetricEstimate

    /// Measures the gains, with a paired bootstrap: thresholds are refitted in each resample, the changes stay.
    ///
    /// The number of changes is the smallest whose gain is within one standard error of the largest (Breiman et al.,
    /// 1984).
    ///
    /// - Returns: `nil` if no selection made a change.
    init?(_ paths: HeldOutPaths, _ scorer: TrialScorer, bootstrap: BootstrapOptions) {
        let maximum = paths.maximumChanges
        guard maximum > 0 else { return nil }
        let metrics = (0...maximum).map { paths.metrics(changes: $0, weights: scorer.imageWeights.all) }
        var generator = SeededGenerator(seed: bootstrap.seed)
        let resamples = (0..<bootstrap.resamples).map { _ in
            let weights = scorer.imageWeights.resample(&generator)
            return (0...maximum).map { paths.metrics(changes: $0, weights: weights).f1 }
        }
        let rarerClass = scorer.rarestClass
        func difference(_ more: Int, _ fewer: Int) -> (estimate: MetricEstimate, standardError: Double) {
            let differences = resamples.map { $0[more] - $0[fewer] }
            let value = metrics[more].f1 - metrics[fewer].f1
            let mean = differences.reduce(0, +) / Double(differences.count)
            let squares = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            return (
                MetricEstimate(difference: value, resamples: differences, rarerClass: rarerClass),
                (squares / Double(differences.count - 1)).squareRoot()
            )
        }
        let best = (1...maximum).max { metrics[$0].f1 < metrics[$1].f1 } ?? 1
        let chosen =
            (1..<best).first { fewer in
                let lead = difference(best, fewer)
                return lead.estimate.value <= lead.standardError
            } ?? best
        before = metrics[0]
        after = metrics[chosen]
        changes = chosen
        f1 = difference(chosen, 0).estimate
    }
}
