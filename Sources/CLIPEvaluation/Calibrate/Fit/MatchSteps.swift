/// What matches from each score on, from the highest score to the lowest.
struct MatchSteps {
    struct Step {
        /// Midway to the next lower score.
        let threshold: Float
        /// The matching images; successes are positive.
        let matches: WeightedShare
        /// The positive images; successes match.
        let found: WeightedShare
        /// The mean weight of the images that do not match, each counted by its weight; 0 if all match.
        let otherWeight: Double
    }

    let all: [Step]
    let positiveScores: [Float]

    init(_ ranked: RankedScores, margin: Float, weights: [Double]) {
        let items = ranked.items.filter { weights[$0.row] > 0 }
        var (matches, found) = (WeightedShare(), WeightedShare())
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

/// A share of weighted images, and how many images of equal weight would tell as much.
struct WeightedShare {
    private var successes = (sum: 0.0, squares: 0.0)
    private var failures = (sum: 0.0, squares: 0.0)

    mutating func add(isSuccess: Bool, weight: Double) {
        if isSuccess {
            successes = (successes.sum + weight, successes.squares + weight * weight)
        } else {
            failures = (failures.sum + weight, failures.squares + weight * weight)
        }
    }

    /// Turns a failure into a success.
    mutating func succeed(weight: Double) {
        failures = (max(failures.sum - weight, 0), max(failures.squares - weight * weight, 0))
        add(isSuccess: true, weight: weight)
    }

    /// `nil` without images.
    var share: Double? {
        let total = successes.sum + failures.sum
        return total > 0 ? successes.sum / total : nil
    }

    /// - Parameters:
    ///   - goal: The share that is tested.
    ///   - missedWeight: The weight of the failures that there may be.
    /// - Returns: The number of images of equal weight that would tell as much.
    func effectiveTrials(_ goal: Double, missedWeight: Double = 0) -> Double {
        guard let share else { return 0 }
        let total = successes.sum + failures.sum
        let expected = (1 - goal) * (successes.sum > 0 ? successes.squares / successes.sum : 0) + goal * missedWeight
        let ifMissed = missedWeight > 0 ? total / expected : .infinity
        let kish = total * total / (successes.squares + failures.squares)
        let squares = successes.squares * (1 - share) * (1 - share) + failures.squares * share * share
        guard squares > 0 else { return min(kish, ifMissed) }
        return min(kish, ifMissed, max(goal * (1 - goal), share * (1 - share)) * total * total / squares)
    }

    /// The probability of a share at least as large if the true one only just misses the goal.
    func misses(_ goal: Double, missedWeight: Double = 0) -> Double {
        misses(goal, trials: effectiveTrials(goal, missedWeight: missedWeight))
    }

    func misses(_ goal: Double, trials: Double) -> Double {
        guard let share, trials > 0 else { return 1 }
        return Binomial(successes: share * trials, trials: trials).upperTail(share: goal)
    }
}
