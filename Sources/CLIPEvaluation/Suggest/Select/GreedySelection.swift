internal import CLIPCore

/// Greedy forward selection: repeatedly makes the change with the largest F1 on the images it sees.
struct GreedySelection: Sendable {
    /// The changes so far and the scores with all of them.
    struct Step: Sendable {
        let changes: [DescriptionChange]
        /// The scores of each target, of all images.
        let ranked: [RankedScores]
    }

    private struct Objective: Comparable {
        let f1: Double
        let averagePrecision: Double

        static func < (first: Objective, second: Objective) -> Bool {
            (first.f1, first.averagePrecision) < (second.f1, second.averagePrecision)
        }
    }

    let scorer: TrialScorer
    let maximumChanges: Int

    /// The smallest increase of F1 that a further change must bring on the images it was chosen for.
    private static let leastGain = 0.002

    /// Selects changes.
    ///
    /// - Parameters:
    ///   - candidates: The changes to choose from.
    ///   - start: The scores without changes.
    ///   - weights: The weights of each target; images of weight 0 are not seen.
    /// - Returns: The steps in order, the first without changes. Shorter if no further change increases F1.
    /// - Throws: What scoring throws.
    func steps(
        _ candidates: [DescriptionChange],
        from start: [RankedScores],
        weights: [[Double]]
    ) throws -> [Step] {
        var steps = [Step(changes: [], ranked: start)]
        var reached = objective(start, weights)
        var file = scorer.file
        var left = candidates
        while steps.count <= maximumChanges {
            var best: (objective: Objective, index: Int, file: CategoryFile, ranked: [RankedScores])?
            for (index, change) in left.enumerated() {
                let variant = change.applied(to: file, category: scorer.changed)
                guard !variant.categories[scorer.changed].positive.isEmpty else { continue }
                let ranked = try scorer.ranked(variant)
                let objective = objective(ranked, weights)
                if let best, objective <= best.objective { continue }
                best = (objective, index, variant, ranked)
            }
            guard let best, best.objective.f1 >= reached.f1 + Self.leastGain else { break }
            steps.append(Step(changes: steps[steps.count - 1].changes + [left[best.index]], ranked: best.ranked))
            reached = best.objective
            file = best.file
            left.remove(at: best.index)
        }
        return steps
    }

    private func objective(_ ranked: [RankedScores], _ weights: [[Double]]) -> Objective {
        var sum = (f1: 0.0, averagePrecision: 0.0)
        for (ranked, weights) in zip(ranked, weights) {
            sum.f1 += ranked.fit(.f1, margin: scorer.file.neutralMargin, weights: weights).counts.f1 ?? 0
            sum.averagePrecision += ranked.averagePrecision(weights: weights) ?? 0
        }
        let count = Double(ranked.count)
        return Objective(f1: sum.f1 / count, averagePrecision: sum.averagePrecision / count)
    }
}
