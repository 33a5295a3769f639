internal import CLIPCore

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The lowest or highest threshold that reaches a precision or recall in the whole collection with a given confidence:
/// Learn then Test (Angelopoulos, Bates, Candès, Jordan and Lei, 2021).
///
/// *The threshold misses the target* is a hypothesis about each threshold, and exact binomial tests reject it.
///
/// - Precision: thresholds are tested from the strictest downwards, and the lowest one whose hypothesis is rejected is
///   chosen. The error probability that is allowed in all, 1 − confidence, is spent on four starting points, at which the
///   number of matching images has grown by half each time; a rejection hands its part on to the next threshold (fallback
///   procedure of Wiens and Dmitrienko, 2005), so that the promise holds for all thresholds together.
/// - Recall falls as the threshold rises, so the highest threshold whose hypothesis is rejected needs no correction.
///
/// Images that were drawn with known probabilities are weighted, and count as many images of equal weight as would tell as
/// much: the smaller of Kish's effective number (1965) and that by the variance of the weighted share (Korn and Graubard,
/// 1998).
struct ThresholdPromise {
    let target: CalibrationTarget
    let confidence: Double

    enum Outcome {
        case threshold(Float)
        /// Too few labels, or a target out of reach, with advice.
        case shortage(String)
    }

    /// Finds the threshold for a neutral margin, which must not depend on the labels.
    ///
    /// - Parameters:
    ///   - ranked: The labelled images.
    ///   - margin: Images with a smaller neutral gap cannot match.
    ///   - weights: How often each image counts.
    /// - Returns: The threshold, or what is missing.
    func find(_ ranked: RankedScores, margin: Float, weights: [Double]) -> Outcome {
        let steps = MatchSteps(ranked, margin: margin, weights: weights)
        switch target {
        case .precision(let goal): return precision(goal, steps.all)
        case .recall(let goal): return recall(goal, steps)
        case .f1, .quantile: preconditionFailure("only precision or recall can be promised")
        }
    }

    private var error: Double { 1 - confidence }

    private func precision(_ goal: Double, _ steps: [MatchSteps.Step]) -> Outcome {
        var chosen: Float?
        var (carried, number) = (0.0, 0)
        var next = log(error / 2) / log(goal)
        for (index, step) in steps.enumerated() {
            let trials = step.matches.effectiveTrials(goal)
            guard trials >= next || (index == steps.count - 1 && number > 0) else { continue }
            next = max(trials, next) * 1.1
            // A half, a quarter and twice an eighth of the error probability.
            let own = number % 4 == 0 && number <= 12 ? error / [2, 4, 8, 8][number / 4] : 0
            number += 1
            let level = carried + own
            let isRejected = step.matches.misses(goal, trials: trials) <= level
            carried = isRejected ? level : 0
            if isRejected { chosen = step.threshold }
        }
        if let chosen { return .threshold(chosen) }
        let best = steps.min { $0.matches.misses(goal) < $1.matches.misses(goal) }
        guard let best, let share = best.matches.share, share > goal else {
            return .shortage("No threshold has a precision above \(goal) on these labels: improve the descriptions.")
        }
        let trials = best.matches.effectiveTrials(goal)
        return .shortage(
            LabelAdvice.more(
                needed(goal, share, level: error / 2) - Int(trials),
                scoringAtLeast: best.threshold
            )
        )
    }

    private func recall(_ goal: Double, _ steps: MatchSteps) -> Outcome {
        let found = steps.all.first { $0.found.misses(goal) <= error }
        if let found { return .threshold(found.threshold) }
        guard let last = steps.all.last?.found, let share = last.share, share > goal else {
            return .shortage(
                "The neutral test alone leaves out more than \(DecimalText.fixed(100 * (1 - goal), digits: 1)) % of its "
                    + "images: lower the neutral margin."
            )
        }
        return .shortage(
            LabelAdvice.more(
                positives: needed(goal, share, level: error) - Int(last.effectiveTrials(goal)),
                negatives: 0,
                positiveScores: steps.positiveScores
            )
        )
    }

    /// The number of images of which the same share proves the goal.
    private func needed(_ goal: Double, _ share: Double, level: Double) -> Int {
        func proves(_ count: Int) -> Bool {
            let successes = (Double(count) * share).rounded(.down)
            return Binomial(successes: successes, trials: Double(count)).upperTail(share: goal) <= level
        }
        var count = 1
        while !proves(count), count < 1_000_000 { count = count + max(1, count / 50) }
        return count
    }
}

/// What matches from each score on, from the highest score to the lowest.
private struct MatchSteps {
    struct Step {
        /// Midway to the next lower score.
        let threshold: Float
        /// The matching images; successes are positive.
        let matches: WeightedShare
        /// The positive images; successes match.
        let found: WeightedShare
    }

    let all: [Step]
    let positiveScores: [Float]

    init(_ ranked: RankedScores, margin: Float, weights: [Double]) {
        let items = ranked.items.filter { weights[$0.row] > 0 }
        var (matches, found) = (WeightedShare(), WeightedShare())
        for item in items where item.isPositive { found.add(isSuccess: false, weight: weights[item.row]) }
        let passing = items.filter { $0.gap >= margin }
        var steps = [Step]()
        for (index, item) in passing.enumerated() {
            let weight = weights[item.row]
            matches.add(isSuccess: item.isPositive, weight: weight)
            if item.isPositive { found.succeed(weight: weight) }
            let next = index + 1 < passing.count ? passing[index + 1].score : nil
            guard next != item.score else { continue }
            let below = next ?? item.score - (steps.last.map { $0.threshold - item.score } ?? 0)
            steps.append(Step(threshold: RankedScores.middle(below, item.score), matches: matches, found: found))
        }
        all = steps
        positiveScores = items.filter(\.isPositive).map(\.score)
    }
}

/// A share of weighted images, and how many images of equal weight would tell as much.
private struct WeightedShare {
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

    func effectiveTrials(_ goal: Double) -> Double {
        guard let share else { return 0 }
        let total = successes.sum + failures.sum
        let kish = total * total / (successes.squares + failures.squares)
        let squares = successes.squares * (1 - share) * (1 - share) + failures.squares * share * share
        guard squares > 0 else { return kish }
        return min(kish, max(goal * (1 - goal), share * (1 - share)) * total * total / squares)
    }

    /// The probability of a share at least as large if the true one only just misses the goal.
    func misses(_ goal: Double) -> Double { misses(goal, trials: effectiveTrials(goal)) }

    func misses(_ goal: Double, trials: Double) -> Double {
        guard let share, trials > 0 else { return 1 }
        return Binomial(successes: share * trials, trials: trials).upperTail(share: goal)
    }
}
