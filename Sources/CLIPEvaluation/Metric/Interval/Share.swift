/// A share of weighted images: some of them are successes.
struct Share {
    private var successes = (sum: 0.0, squares: 0.0)
    private var failures = (sum: 0.0, squares: 0.0)

    /// Adds an image.
    mutating func add(isSuccess: Bool, weight: Double) {
        if isSuccess {
            successes = (successes.sum + weight, successes.squares + weight * weight)
        } else {
            failures = (failures.sum + weight, failures.squares + weight * weight)
        }
    }

    /// Adds the images of another share.
    mutating func add(_ other: Share) {
        successes = (successes.sum + other.successes.sum, successes.squares + other.successes.squares)
        failures = (failures.sum + other.failures.sum, failures.squares + other.failures.squares)
    }

    /// Turns a failure into a success.
    mutating func succeed(weight: Double) {
        failures = (max(failures.sum - weight, 0), max(failures.squares - weight * weight, 0))
        add(isSuccess: true, weight: weight)
    }

    /// The sum of the successes' weights.
    var successTotal: Double { successes.sum }

    /// The sum of all weights.
    var total: Double { successes.sum + failures.sum }

    private var squares: Double { successes.squares + failures.squares }

    /// `nil` without images.
    var value: Double? { total > 0 ? successes.sum / total : nil }

    /// Whether there are images and each of them stands for itself alone.
    var hasUnitWeights: Bool { total > 0 && squares == total }

    /// The number of images of equal weight that would tell as much (Kish, 1965).
    var effectiveCount: Double { squares == 0 ? 0 : total * total / squares }

    /// - Parameters:
    ///   - goal: The share that is tested.
    ///   - missedWeight: The weight of the failures that there may be.
    /// - Returns: The number of images of equal weight that would tell as much.
    func effectiveTrials(_ goal: Double, missedWeight: Double = 0) -> Double {
        guard let value else { return 0 }
        let expected = (1 - goal) * (successes.sum > 0 ? successes.squares / successes.sum : 0) + goal * missedWeight
        let ifMissed = missedWeight > 0 ? total / expected : .infinity
        let residuals = successes.squares * (1 - value) * (1 - value) + failures.squares * value * value
        guard residuals > 0 else { return min(effectiveCount, ifMissed) }
        return min(effectiveCount, ifMissed, max(goal * (1 - goal), value * (1 - value)) * total * total / residuals)
    }

    /// The probability of a share at least as large if the true one only just misses the goal.
    func misses(_ goal: Double, missedWeight: Double = 0) -> Double {
        misses(goal, trials: effectiveTrials(goal, missedWeight: missedWeight))
    }

    func misses(_ goal: Double, trials: Double) -> Double {
        guard let value, trials > 0 else { return 1 }
        return Binomial(successes: value * trials, trials: trials).upperTail(share: goal)
    }
}
