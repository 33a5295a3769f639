#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The standard normal distribution.
package enum NormalDistribution {
    /// The probability of a value above `z`.
    package static func upperTail(_ z: Double) -> Double { 0.5 * erfc(z / 2.0.squareRoot()) }

    /// The value that is exceeded with a probability above 0 and below 1, to about 1e-12.
    package static func upperQuantile(_ probability: Double) -> Double {
        precondition(probability > 0 && probability < 1, "a probability lies between 0 and 1")
        var (low, high) = (-38.0, 38.0)
        for _ in 0..<56 {
            let middle = (low + high) / 2
            if upperTail(middle) > probability { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }
}
