#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Successes among independent trials, or, for weighted trials, their effective numbers, which need not be whole.
struct Binomial {
    let successes: Double
    let trials: Double

    init(successes: Double, trials: Double) {
        precondition(
            trials > 0 && successes >= 0 && successes <= trials * (1 + 1e-9),
            "successes are some of the trials"
        )
        self.successes = min(successes, trials)
        self.trials = trials
    }

    /// The probability of at least as many successes if each trial succeeds with probability `share`.
    func upperTail(share: Double) -> Double {
        successes == 0 ? 1 : Beta.distribution(share, successes, trials - successes + 1)
    }

    /// The 95 % confidence interval of the probability of success, by inverting the exact test with mid-p-values
    /// (Lancaster, 1961; Berry and Armitage, 1995).
    ///
    /// Ten successes of ten give 0.74…1. On average over the probabilities it covers 95 %, unlike the interval of Clopper
    /// and Pearson, which is wider and covers at least 95 % of each.
    var interval: ClosedRange<Double> {
        let value = successes / trials
        let lower = successes == 0 ? 0 : Self.root(in: 0...value) { midTail(share: $0) < 0.025 }
        let upper = successes == trials ? 1 : Self.root(in: value...1) { midTail(share: $0) < 0.975 }
        return min(lower, value)...max(upper, value)
    }

    /// The probability of more successes, and half that of as many.
    private func midTail(share: Double) -> Double {
        let more = successes == trials ? 0 : Beta.distribution(share, successes + 1, trials - successes)
        return (upperTail(share: share) + more) / 2
    }

    /// The point of a range up to which a condition holds.
    private static func root(in range: ClosedRange<Double>, _ isBelow: (Double) -> Bool) -> Double {
        var (low, high) = (range.lowerBound, range.upperBound)
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if isBelow(middle) { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }
}

enum Beta {
    /// The cumulative distribution function of the beta distribution, the regularized incomplete beta function
    /// `I_x(a, b)`, to about 1e-12.
    ///
    /// By its continued fraction, evaluated as Lentz did (Press et al., Numerical Recipes, 6.4).
    static func distribution(_ x: Double, _ a: Double, _ b: Double) -> Double {
        guard x > 0 else { return 0 }
        guard x < 1, b > 0 else { return 1 }
        guard x <= (a + 1) / (a + b + 2) else { return 1 - distribution(1 - x, b, a) }
        let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
        let tiny = 1e-300
        var (c, d) = (1.0, 1 - (a + b) * x / (a + 1))
        d = 1 / (abs(d) < tiny ? tiny : d)
        var fraction = d
        for m in 1...10_000 {
            let m = Double(m)
            for step in [
                m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
                -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
            ] {
                d = 1 + step * d
                d = 1 / (abs(d) < tiny ? tiny : d)
                c = 1 + step / c
                c = abs(c) < tiny ? tiny : c
                fraction *= d * c
            }
            if abs(d * c - 1) < 1e-15 { break }
        }
        return min(front * fraction, 1)
    }
}
