/// How many images of each stratum to label.
///
/// The variance of a stratified estimate is smallest if the numbers are proportional to `Nₕ Sₕ`, the stratum's size times
/// its standard deviation (Neyman, 1934), within what the stratum has and what is labelled already.
package enum LabelAllocation {
    /// Allocates labels.
    ///
    /// - Parameters:
    ///   - total: Number of labels, including those that exist.
    ///   - variances: `(Nₕ Sₕ)²` of each stratum.
    ///   - sizes: Number of images in each stratum.
    ///   - existing: Number of labels that each stratum has already.
    /// - Returns: Number of labels of each stratum, at least one, at least as many as exist, and at most as many as there
    ///   are images. Their sum is `total` if that is possible.
    package static func labels(total: Int, variances: [Double], sizes: [Int], existing: [Int]) -> [Int] {
        let least = zip(sizes, existing).map { max($1, min($0, 1)) }
        let shares = variances.map { $0.squareRoot() }
        func exact(_ factor: Double) -> [Double] {
            shares.indices.map { min(max(factor * shares[$0], Double(least[$0])), Double(sizes[$0])) }
        }
        var (low, high) = (0.0, 1.0)
        while exact(high).reduce(0, +) < Double(total), high < 1e15 { high *= 2 }
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if exact(middle).reduce(0, +) < Double(total) { low = middle } else { high = middle }
        }
        let wanted = exact(high)
        var labels = wanted.map { Int(($0 + 1e-6).rounded(.down)) }
        let remainders = wanted.indices.map { wanted[$0] - Double(labels[$0]) }
        var left = total - labels.reduce(0, +)
        for stratum in wanted.indices.sorted(by: { (remainders[$0], $1) > (remainders[$1], $0) })
        where left > 0 && labels[stratum] < sizes[stratum] {
            labels[stratum] += 1
            left -= 1
        }
        return labels
    }

    /// The variance of a stratified estimate, `Σ (Nₕ Sₕ)² (1 / nₕ − 1 / Nₕ)` (Cochran, 1977, section 5.3).
    package static func variance(labels: [Int], variances: [Double], sizes: [Int]) -> Double {
        labels.indices.reduce(0) { sum, stratum in
            guard labels[stratum] > 0 else { return sum + variances[stratum] }
            return sum + variances[stratum] * (1 / Double(labels[stratum]) - 1 / Double(sizes[stratum]))
        }
    }
}
