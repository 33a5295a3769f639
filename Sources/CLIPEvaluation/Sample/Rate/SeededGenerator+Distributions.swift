internal import CLIPCore

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

extension SeededGenerator {
    /// A number above 0 and below 1.
    package mutating func unit() -> Double { (Double(next() >> 11) + 0.5) * 0x1p-53 }

    /// Two independent standard normal numbers, by Marsaglia and Bray's polar method (1964).
    package mutating func normals() -> (Double, Double) {
        while true {
            let (u, v) = (2 * unit() - 1, 2 * unit() - 1)
            let square = u * u + v * v
            if square < 1 {
                let factor = (-2 * log(square) / square).squareRoot()
                return (u * factor, v * factor)
            }
        }
    }

    /// The number of successes in `count` trials: exact by inversion below 30 expected ones (Devroye, 1986, X.4),
    /// otherwise by the normal approximation.
    package mutating func binomial(_ count: Int, _ probability: Double) -> Int {
        guard count > 0, probability > 0 else { return 0 }
        if probability > 0.5 { return count - binomial(count, 1 - probability) }
        let mean = Double(count) * probability
        guard mean < 30 else {
            let value = mean + (mean * (1 - probability)).squareRoot() * normals().0
            return Int(min(max(value.rounded(), 0), Double(count)))
        }
        let odds = probability / (1 - probability)
        var mass = exp(Double(count) * log1p(-probability))
        var left = unit()
        var successes = 0
        while left > mass, successes < count {
            left -= mass
            successes += 1
            mass *= odds * Double(count - successes + 1) / Double(successes)
        }
        return successes
    }
}
