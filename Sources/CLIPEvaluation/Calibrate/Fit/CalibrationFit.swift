internal import CLIPCore

/// The complete fitting procedure for weighted images: chooses the neutral margin by cross-validation, then fits the
/// threshold of each category.
struct CalibrationFit {
    /// The labelled images of each category.
    let ranked: [RankedScores]
    /// The images of each category, by fold.
    private let rankedParts: [[RankedScores]]
    let target: CalibrationTarget
    let folds: StratifiedFolds
    /// Whether any category has a neutral test.
    let hasNeutralTest: Bool
    /// The current margin, if it is a candidate.
    private let currentMargin: Float?

    /// A margin and the thresholds fitted for it.
    struct Fitted {
        /// −∞ if no category has a neutral test.
        let margin: Float
        let thresholds: [ThresholdFit]
    }

    /// A margin that disables the neutral test: cosines differ by at most 2.
    static let marginOff: Float = -2

    init(
        evidence: [Evidence],
        labels: [[Bool?]],
        target: CalibrationTarget,
        folds: StratifiedFolds,
        currentMargin: Float?
    ) {
        let count = labels.count
        ranked = labels.enumerated().map { category, labels in
            RankedScores(evidence: labels.indices.lazy.map { evidence[$0 * count + category] }, labels: labels)
        }
        rankedParts = ranked.map { ranked in
            (0..<folds.count).map { part in ranked.filter { folds.assignment[$0] == part } }
        }
        self.target = target
        self.folds = folds
        self.currentMargin = currentMargin
        hasNeutralTest = ranked.contains { $0.items.contains { $0.gap.isFinite } }
    }

    /// Fits the margin and the thresholds.
    ///
    /// The margin is the candidate with which the most categories reach the target. Ties are broken by the mean over
    /// the categories of ``CalibrationTarget/objective(_:)`` in cross-validation, with the decisions of all folds
    /// pooled, and then by the order of ``candidates(_:)``.
    ///
    /// - Parameter weights: How often each image counts, once for each category; 0 for an image that must not be seen.
    /// - Returns: The margin, and the thresholds that come closest to the target.
    func fit(weights: [[Double]]) -> Fitted {
        let candidates = candidates(weights)
        guard candidates.count > 1 else { return fit(margin: candidates[0], weights) }
        let parts = (0..<folds.count).filter { part in
            weights.contains { zip($0, folds.assignment).contains { $0 > 0 && $1 == part } }
        }
        let training = parts.map { part in weights.map { folds.without(part, $0) } }
        var best: (reached: Int, objective: Double, fitted: Fitted)?
        for margin in candidates {
            let fitted = fit(margin: margin, weights)
            let reached = fitted.thresholds.count(where: \.isReached)
            if let best, reached < best.reached { continue }
            let objective = ranked.indices.reduce(0) { sum, category in
                var counts = WeightedCounts()
                for (part, training) in zip(parts, training) {
                    let threshold = ranked[category].fit(target, margin: margin, weights: training[category]).threshold
                    counts += rankedParts[category][part].counts(
                        threshold: threshold,
                        margin: margin,
                        weights: weights[category]
                    )
                }
                return sum + target.objective(counts)
            }
            if let best, (reached, objective) <= (best.reached, best.objective) { continue }
            best = (reached, objective, fitted)
        }
        return best?.fitted ?? fit(margin: candidates[0], weights)
    }

    /// The best value of the target's metric that a category can reach with any margin.
    func bestValue(category: Int, weights: [[Double]]) -> Double {
        candidates(weights).map {
            target.metric(ranked[category].fit(target, margin: $0, weights: weights[category]).counts)
        }.max() ?? 0
    }

    private func fit(margin: Float, _ weights: [[Double]]) -> Fitted {
        Fitted(
            margin: margin,
            thresholds: zip(ranked, weights).map { $0.fit(target, margin: margin, weights: $1) }
        )
    }

    /// Candidate margins: the current one if given, none, and quantiles of the neutral gaps that fail at most half of
    /// the positive images or at least half of the negative ones.
    ///
    /// Each candidate is midway between two adjacent gaps.
    private func candidates(_ weights: [[Double]]) -> [Float] {
        guard hasNeutralTest else { return [-.infinity] }
        let items = zip(ranked, weights).flatMap { ranked, weights in
            ranked.items.filter { weights[$0.row] > 0 && $0.gap.isFinite }
        }.sorted { $0.gap < $1.gap }
        let levels = [0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5]
        let gaps = items.map(\.gap)
        func margins(_ isPositive: Bool, _ levels: [Double]) -> [Float] {
            let positions = items.indices.filter { items[$0].isPositive == isPositive }
            return levels.compactMap { level in
                guard !positions.isEmpty else { return nil }
                let gap = gaps[positions[Int((level * Double(positions.count - 1)).rounded())]]
                return gaps[..<(gaps.firstIndex(of: gap) ?? 0)].last.map { RankedScores.middle($0, gap) }
            }
        }
        var seen = Set<Float>()
        let fixed = [currentMargin, Self.marginOff].compactMap(\.self)
        let all = fixed + margins(true, levels) + margins(false, levels.map { 1 - $0 })
        return all.filter { seen.insert($0).inserted }
    }
}
