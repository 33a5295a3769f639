internal import CLIPCore

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// How many positive images have at least each of some ranks, in the draws of a posterior.
///
/// Within a bin, the log odds of the rate are interpolated in `z` between the middles of bins, so that nothing changes
/// abruptly at the edges of bins. Each bin keeps its expected number of positive images.
struct RateCurve {
    /// A range of ranks within a bin.
    private struct Step {
        let bin: Int
        let end: Int
        let size: Double
        /// The bin with whose log odds those of `bin` are mixed.
        let neighbour: Int
        /// The neighbour's part of the mixture, below one half within the bin.
        let share: Double
        /// The position of the rank that ends the step among the wanted ones; `nil` if it is an edge only.
        let wanted: Int?
    }

    private let posterior: RatePosterior
    private let steps: [Step]
    private let wantedCount: Int

    /// - Parameters:
    ///   - posterior: What is known of the rates.
    ///   - ranks: Numbers of images that match, rising, from 1 to the number of images.
    init(_ posterior: RatePosterior, ranks: [Int]) {
        let bins = posterior.bins
        let positionOfRank = Dictionary(uniqueKeysWithValues: zip(ranks, ranks.indices))
        var (start, bin) = (0, 0)
        self.posterior = posterior
        wantedCount = ranks.count
        steps = Set(ranks).union(bins.edges.dropFirst()).sorted().map { end in
            defer {
                start = end
                if end == bins.edges[bin + 1] { bin += 1 }
            }
            let z = bins.position(ofRank: Double(start + end) / 2)
            let neighbour = min(max(z > bins.positions[bin] ? bin - 1 : bin + 1, 0), bins.count - 1)
            let distance = bins.positions[neighbour] - bins.positions[bin]
            return Step(
                bin: bin,
                end: end,
                size: Double(end - start),
                neighbour: neighbour,
                share: distance == 0 ? 0 : (z - bins.positions[bin]) / distance,
                wanted: positionOfRank[end]
            )
        }
    }

    /// Calls `body` for each draw with the number of positive images that match if as many images match as each rank
    /// says, and the number of all positive images.
    func forEachDraw(_ body: (_ truePositives: [Double], _ positives: Double) -> Void) {
        var truePositives = [Double](repeating: 0, count: wantedCount)
        forEachDrawOfSteps { expected in
            var positives = 0.0
            for (step, expected) in zip(steps, expected) {
                positives += expected
                if let wanted = step.wanted { truePositives[wanted] = positives }
            }
            body(truePositives, positives)
        }
    }

    /// The measures in each draw if the images above one of the ranks match.
    ///
    /// - Parameters:
    ///   - measures: What to compute.
    ///   - matches: One of the ranks.
    ///   - labels: The labels, each with its rank from 0.
    ///   - seed: The same seed gives the same draws.
    /// - Returns: The draws of each measure.
    func fractions(
        of measures: [SampledMeasure],
        matches: Int,
        labels: [(rank: Int, isPositive: Bool)],
        seed: UInt64
    ) -> [[SampledFraction]] {
        var measured = MeasureDraws(
            of: measures,
            parts(matches: matches, labels),
            matches: matches,
            count: posterior.bins.imageCount,
            seed: seed
        )
        forEachDrawOfSteps { expected in measured.add(zip(steps, expected).map { min($1 / $0.size, 1) }) }
        return measured.fractions
    }

    /// Average precision in each draw of the positive images; draws without one are left out.
    ///
    /// Within a step, positive images are taken to lie at equal distances, or to have the score of all others.
    ///
    /// - Parameters:
    ///   - labels: The labels, each with its rank from 0.
    ///   - seed: The same seed gives the same draws.
    ///   - isTied: Whether all images of a range of ranks have the same score.
    /// - Returns: One value for each draw with a positive image.
    func averagePrecisions(
        labels: [(rank: Int, isPositive: Bool)],
        seed: UInt64,
        isTied: (Range<Int>) -> Bool
    ) -> [Double] {
        let parts = parts(matches: 0, labels)
        let ties = steps.map { isTied($0.end - Int($0.size)..<$0.end) }
        var generator = SeededGenerator(seed: seed)
        var values = [Double]()
        forEachDrawOfSteps { expected in
            var (found, sum) = (0, 0.0)
            for (index, step) in steps.enumerated() {
                let part = parts[index]
                let rate = min(expected[index] / step.size, 1)
                let positives = part.positive + generator.binomial(part.unlabelled, rate)
                guard positives > 0 else { continue }
                if ties[index] {
                    sum += Double(positives) * Double(found + positives) / Double(step.end)
                } else {
                    let start = Double(step.end) - step.size
                    let distance = (step.size + 1) / Double(positives + 1)
                    for number in 1...positives {
                        sum += Double(found + number) / (start + Double(number) * distance)
                    }
                }
                found += positives
            }
            if found > 0 { values.append(sum / Double(found)) }
        }
        return values
    }

    /// The images of each step by label.
    private func parts(matches: Int, _ labels: [(rank: Int, isPositive: Bool)]) -> [MeasureDraws.Part] {
        var parts = steps.map { MeasureDraws.Part(isMatch: $0.end <= matches, unlabelled: Int($0.size)) }
        let ends = steps.map(\.end)
        for label in labels {
            let step = ends.partitioningIndex { $0 > label.rank }
            parts[step].unlabelled -= 1
            if label.isPositive { parts[step].positive += 1 }
        }
        return parts
    }

    /// Calls `body` for each draw with the expected number of positive images in each step.
    private func forEachDrawOfSteps(_ body: (_ expected: [Double]) -> Void) {
        var expected = [Double](repeating: 0, count: steps.count)
        for rates in posterior.draws {
            let logOdds = rates.map { log($0 / (1 - $0)) }
            var totals = [Double](repeating: 0, count: rates.count)
            for (index, step) in steps.enumerated() {
                let mixed = logOdds[step.bin] + step.share * (logOdds[step.neighbour] - logOdds[step.bin])
                expected[index] = step.size / (1 + exp(-mixed))
                totals[step.bin] += expected[index]
            }
            for (index, step) in steps.enumerated() {
                expected[index] =
                    expected[index] / totals[step.bin] * rates[step.bin] * Double(posterior.bins.size(step.bin))
            }
            body(expected)
        }
    }
}
