/// A random number generator with the same sequence for a seed on every platform: SplitMix64 (Steele, Lea and Flood,
/// 2014).
package struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    /// Starts the sequence of a seed.
    package init(seed: UInt64) {
        state = seed
    }

    /// The next 64 bits.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A number in `0..<bound`, with a bias below `bound / 2⁶⁴`.
    package mutating func index(below bound: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// A shuffled copy of the values, independent of the version of the standard library.
    package mutating func shuffled<Value>(_ values: [Value]) -> [Value] {
        var values = values
        for last in stride(from: values.count - 1, to: 0, by: -1) {
            values.swapAt(last, index(below: last + 1))
        }
        return values
    }

    /// A bootstrap sample: how often each of `count` rows is drawn in `count` draws with replacement.
    package mutating func resampleWeights(count: Int) -> [Int] {
        var weights = [Int](repeating: 0, count: count)
        for _ in 0..<count {
            weights[index(below: count)] += 1
        }
        return weights
    }
}
