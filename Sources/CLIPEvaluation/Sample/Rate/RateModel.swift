#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// A model of how the rate of positive images falls along a ranking.
///
/// The log odds of the rate usually fall from bin to bin, starting from a level at the threshold. The logarithm of their slope
/// is a random walk in `z` (see ``RankBins``), so that the curve bends where labels say so. Each bin may deviate from
/// the curve. Whatever the score, some images are negative, which bounds the rate of the highest scores, and a small
/// share of the positive images lies anywhere in the ranking. If the scores rank images badly, or the wrong way round,
/// the slope loses a part, or turns.
///
/// All parameters are standard normal beforehand. The constants were chosen so that the intervals cover the truth in
/// simulated collections of several shapes, from 0.1 to 10 % positive images (`make simulate`).
struct RateModel {
    /// Log odds of the rate at the threshold: mean and standard deviation.
    private static let level = (mean: -0.8, deviation: 1.5)
    /// Logarithm of the slope of the log odds per unit of `z` at the threshold.
    private static let slope = (mean: 1.46, deviation: 0.7)
    /// How much steeper the slope is above the threshold, as a logarithm.
    private static let slopeAbove = 0.14
    /// How fast the logarithm of the slope falls below the threshold, per unit of `z`.
    private static let flattening = 0.35
    /// Standard deviation of the logarithm of the slope after one unit of `z`.
    private static let roughness = 0.8
    /// Logarithm of the standard deviation with which bins deviate from the curve.
    private static let excess = (mean: -1.3, deviation: 0.7)
    /// Logarithm of the share of positive images that the score does not find.
    private static let hidden = (mean: -4.2, deviation: 1.8)
    /// Logarithm of the share of negative images among those with the highest scores.
    private static let mistaken = (mean: -3.2, deviation: 1.4)

    /// Logarithm of the part that the slope loses; at 1 the ranking tells nothing, and above it the rate rises as scores fall.
    private static let loss = (mean: -2.5, deviation: 1.8)
    /// The loss at which the ranking is exactly the wrong way round.
    private static let largestLoss = 2.0

    private let bins: RankBins
    private let sizes: [Double]
    /// The distance of each bin from the one that is next to it on the side of the threshold.
    private let distances: [Double]
    private let steps: [Double]

    /// Number of bins.
    var binCount: Int { sizes.count }
    /// Number of parameters.
    var parameterCount: Int { 6 + 2 * sizes.count }

    init(_ bins: RankBins) {
        self.bins = bins
        sizes = bins.sizes.map(Double.init)
        let positions = bins.positions
        distances = positions.indices.map { bin in
            let isMatching = bin < bins.matchingBins
            let neighbour = isMatching ? bin + 1 : bin - 1
            let isFirst = isMatching ? neighbour == bins.matchingBins : bin == bins.matchingBins
            return max(abs(positions[bin] - (isFirst ? bins.boundary : positions[neighbour])), 1e-3)
        }
        steps = distances.map { Self.roughness * $0.squareRoot() }
    }

    /// Computes the rate of each bin.
    ///
    /// - Parameters:
    ///   - parameters: ``parameterCount`` numbers.
    ///   - rates: One number per bin, above 0 and below 1.
    func rates(_ parameters: [Double], into rates: inout [Double]) {
        let level = Self.level.mean + Self.level.deviation * parameters[0]
        let slope = Self.slope.mean + Self.slope.deviation * parameters[1]
        let excess = exp(Self.excess.mean + Self.excess.deviation * parameters[2])
        let hidden = min(exp(Self.hidden.mean + Self.hidden.deviation * parameters[3]), 1)
        let ceiling = 1 - min(exp(Self.mistaken.mean + Self.mistaken.deviation * parameters[4]), 0.9)

        let kept = 1 - min(exp(Self.loss.mean + Self.loss.deviation * parameters[5]), Self.largestLoss)

        func walk(_ order: some Sequence<Int>, slope: Double, flattening: Double, direction: Double) {
            var (slope, logOdds) = (slope, level)
            for bin in order {
                let next = slope + steps[bin] * parameters[6 + bin] - flattening * distances[bin]
                logOdds += direction * distances[bin] * kept * exp((slope + next) / 2)
                slope = next
                let deviating = logOdds + excess * parameters[6 + sizes.count + bin]
                rates[bin] = ceiling / (1 + exp(-min(max(deviating, -40), 30)))
            }
        }
        walk((0..<bins.matchingBins).reversed(), slope: slope + Self.slopeAbove, flattening: 0, direction: 1)
        walk(bins.matchingBins..<sizes.count, slope: slope, flattening: Self.flattening, direction: -1)

        var (positives, count) = (0.0, 0.0)
        for bin in sizes.indices {
            positives += rates[bin] * sizes[bin]
            count += sizes[bin]
        }
        let floor = hidden * positives / count
        for bin in sizes.indices { rates[bin] = min(rates[bin] + floor * (1 - rates[bin]), 1 - 1e-13) }
    }
}
