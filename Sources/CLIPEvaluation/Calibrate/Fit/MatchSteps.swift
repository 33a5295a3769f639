/// What matches from each score on, from the highest score to the lowest.
struct MatchSteps {
    struct Step {
        /// Midway to the next lower score.
        let threshold: Float
        /// The matching images; successes are positive.
        let matches: Share
        /// The positive images; successes match.
        let found: Share
        /// The mean weight of the images that do not match, each counted by its weight; 0 if all match.
        let otherWeight: Double
    }

    let all: [Step]
    let positiveScores: [Float]

    init(_ ranked: RankedScores, margin: Float, weights: [Double]) {
        let items = ranked.items.filter { weights[$0.row] > 0 }
        var (matches, found) = (Share(), Share())
        for item in items where item.isPositive { found.add(isSuccess: false, weight: weights[item.row]) }
        let passing = items.filter { $0.gap >= margin }
        var others = (sum: 0.0, squares: 0.0)
        for item in items {
            let weight = weights[item.row]
            others = (others.sum + weight, others.squares + weight * weight)
        }
        var steps = [Step]()
        for (index, item) in passing.enumerated() {
            let weight = weights[item.row]
            matches.add(isSuccess: item.isPositive, weight: weight)
            others = (others.sum - weight, others.squares - weight * weight)
            if item.isPositive { found.succeed(weight: weight) }
            let next = index + 1 < passing.count ? passing[index + 1].score : nil
            guard next != item.score else { continue }
            let below = next ?? item.score - (steps.last.map { $0.threshold - item.score } ?? 0)
            // The last image may leave a rounding error.
            let otherWeight = index + 1 < items.count ? others.squares / others.sum : 0
            let threshold = RankedScores.middle(below, item.score)
            steps.append(Step(threshold: threshold, matches: matches, found: found, otherWeight: otherWeight))
        }
        all = steps
        positiveScores = items.filter(\.isPositive).map(\.score)
    }
}
