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
        var expected = [Double](repeating: 0, count: steps.count)
        var truePositives = [Double](repeating: 0, count: wantedCount)
        for rates in posterior.draws {
            let logOdds = rates.map { log($0 / (1 - $0)) }
            var totals = [Double](repeating: 0, count: rates.count)
            for (index, step) in steps.enumerated() {
                let mixed = logOdds[step.bin] + step.share * (logOdds[step.neighbour] - logOdds[step.bin])
                expected[index] = step.size / (1 + exp(-mixed))
                totals[step.bin] += expected[index]
            }
            var positives = 0.0
            for (index, step) in steps.enumerated() {
                positives +=
                    expected[index] / totals[step.bin] * rates[step.bin] * Double(posterior.bins.size(step.bin))
                if let wanted = step.wanted { truePositives[wanted] = positives }
            }
            body(truePositives, positives)
        }
    }
}
