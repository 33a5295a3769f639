internal import CLIPCore

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
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
/// much: the smallest of Kish's effective number (1965), that by the variance of the weighted share (Korn and Graubard,
/// 1998), and for recall that by its variance if the target were just missed, with missed images that weigh as much as the
/// labelled ones that do not match. A few light images prove nothing where a missed image may stand for many.
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
        guard !steps.positiveScores.isEmpty else {
            return .shortage(
                "It has no positive label: label images that belong to it, or draw them with 'clip-cli sample'."
            )
        }
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
        var closest: Candidate?
        for (index, step) in steps.enumerated() {
            let trials = step.matches.effectiveTrials(goal)
            let probability = step.matches.misses(goal, trials: trials)
            if probability < closest?.probability ?? 2 {
                closest = Candidate(step: step, probability: probability, trials: trials, next: next, tests: number)
            }
            guard trials >= next || (index == steps.count - 1 && number > 0) else { continue }
            next = max(trials, next) * 1.1
            let own = number % 4 == 0 && number <= 12 ? startLevel(number / 4) : 0
            number += 1
            let level = carried + own
            let isRejected = probability <= level
            carried = isRejected ? level : 0
            if isRejected { chosen = step.threshold }
        }
        if let chosen { return .threshold(chosen) }
        guard let closest, let share = closest.step.matches.value, share > goal else {
            return .shortage("No threshold has a precision above \(goal) on these labels: improve the descriptions.")
        }
        guard let needed = needed(goal, share, level: startLevel((closest.tests + 3) / 4)) else {
            return .shortage(hardlyAbove(goal))
        }
        let wanted = max(Double(needed), closest.next) - closest.trials
        return .shortage(
            LabelAdvice.more(max(Int(wanted.rounded(.up)), 1), scoringAtLeast: closest.step.threshold)
        )
    }

    /// The threshold that came closest to a promise.
    private struct Candidate {
        let step: MatchSteps.Step
        let probability: Double
        let trials: Double
        /// The number of matching images from which the next threshold is tested.
        let next: Double
        /// How many were tested before.
        let tests: Int
    }

    /// What a starting point gets of the error probability: a half, a quarter and twice an eighth.
    private func startLevel(_ start: Int) -> Double { error / [2, 4, 8, 8][min(start, 3)] }

    private func hardlyAbove(_ goal: Double) -> String {
        "On these labels, its \(target.name) is hardly above \(goal), so that more than \(Self.mostLabels) labels would be "
            + "needed: lower the target, or improve the descriptions."
    }

    private func recall(_ goal: Double, _ steps: MatchSteps) -> Outcome {
        let found = steps.all.first { $0.found.misses(goal, missedWeight: $0.otherWeight) <= error }
        if let found { return .threshold(found.threshold) }
        guard let last = steps.all.last, let share = last.found.value, share > goal else {
            return .shortage(
                "The neutral test alone leaves out \(DecimalText.fixed(100 * (1 - goal), digits: 1)) % of its images or more: "
                    + "lower the neutral margin."
            )
        }
        guard let needed = needed(goal, share, level: error) else { return .shortage(hardlyAbove(goal)) }
        let trials = last.found.effectiveTrials(goal, missedWeight: last.otherWeight)
        return .shortage(
            LabelAdvice.more(
                positives: max(needed - Int(trials), 1),
                negatives: 0,
                positiveScores: steps.positiveScores
            )
        )
    }

    /// The largest number of labels that are worth asking for.
    private static let mostLabels = 100_000

    /// The number of images of which the same share proves the goal; `nil` if more than ``mostLabels``.
    private func needed(_ goal: Double, _ share: Double, level: Double) -> Int? {
        func proves(_ count: Int) -> Bool {
            let successes = (Double(count) * share).rounded(.down)
            return Binomial(successes: successes, trials: Double(count)).upperTail(share: goal) <= level
        }
        var count = 1
        while !proves(count) {
            count += max(1, count / 50)
            if count > Self.mostLabels { return nil }
        }
        return count
    }
}
