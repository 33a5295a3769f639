internal import CLIPCore

/// Greedy selections, each made without one fold, and measured on it.
///
/// F1, precision and recall are those of the pooled decisions about all folds, averaged over partitions. Both the
/// changes and the thresholds come from the other folds.
struct HeldOutPaths: Sendable {
    struct Figures: Sendable, Hashable {
        var f1 = 0.0
        var precision = 0.0
        var recall = 0.0
    }

    /// For each partition and fold, the selection without this fold.
    let steps: [[[GreedySelection.Step]]]
    let partitions: [StratifiedFolds]
    let targets: [TrialScorer.Target]
    let margin: Float

    /// The largest number of changes of any selection.
    var maximumChanges: Int { steps.flatMap(\.self).map { $0.count - 1 }.max() ?? 0 }

    /// The metrics after at most `changes` changes, the mean over the targets.
    ///
    /// - Parameters:
    ///   - changes: The number of changes, at most; a selection that ended earlier counts as it is.
    ///   - draws: How often each image counts, in addition to its weight.
    func figures(changes: Int, draws: [Int]) -> Figures {
        var sum = Figures()
        for (target, images) in targets.enumerated() {
            let weights = zip(images.weights, draws).map { $0 * Double($1) }
            for (folds, steps) in zip(partitions, steps) {
                let counts = counts(target, folds, steps.map { $0[min(changes, $0.count - 1)] }, weights)
                sum.f1 += counts.f1
                sum.precision += counts.precision
                sum.recall += counts.recall
            }
        }
        let count = Double(targets.count * partitions.count)
        return Figures(f1: sum.f1 / count, precision: sum.precision / count, recall: sum.recall / count)
    }

    private func counts(
        _ target: Int,
        _ folds: StratifiedFolds,
        _ steps: [GreedySelection.Step],
        _ weights: [Double]
    ) -> WeightedCounts {
        var counts = WeightedCounts()
        for (fold, step) in steps.enumerated() {
            let training = zip(weights, folds.assignment).map { $1 == fold ? 0 : $0 }
            let heldOut = zip(weights, folds.assignment).map { $1 == fold ? $0 : 0 }
            let threshold = step.ranked[target].thresholdOfLargestF1(margin: margin, weights: training)
            counts += step.ranked[target].counts(threshold: threshold, margin: margin, weights: heldOut)
        }
        return counts
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
    let before: HeldOutPaths.Figures
    /// The metrics with the chosen number of changes.
    let after: HeldOutPaths.Figures
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
    init?(_ paths: HeldOutPaths, bootstrap: BootstrapOptions) {
        let maximum = paths.maximumChanges
        guard maximum > 0, let count = paths.partitions.first?.assignment.count else { return nil }
        let all = [Int](repeating: 1, count: count)
        let figures = (0...maximum).map { paths.figures(changes: $0, draws: all) }
        var generator = SeededGenerator(seed: bootstrap.seed)
        let resamples = (0..<bootstrap.resamples).map { _ in
            let draws = generator.resampleWeights(count: count)
            return (0...maximum).map { paths.figures(changes: $0, draws: draws).f1 }
        }
        func difference(_ more: Int, _ fewer: Int) -> MetricEstimate {
            MetricEstimate(
                difference: figures[more].f1 - figures[fewer].f1,
                resamples: resamples.map { $0[more] - $0[fewer] }
            )
        }
        let best = (1...maximum).max { figures[$0].f1 < figures[$1].f1 } ?? 1
        let chosen =
            (1...best).first { fewer in
                let lead = difference(best, fewer)
                return fewer == best || lead.value <= lead.standardError
            } ?? best
        before = figures[0]
        after = figures[chosen]
        changes = chosen
        f1 = difference(chosen, 0)
    }
}

extension MetricEstimate {
    /// The standard error of a difference, from its interval.
    fileprivate var standardError: Double {
        interval.map { ($0.upperBound - $0.lowerBound) / (2 * 1.959964) } ?? 0
    }
}
