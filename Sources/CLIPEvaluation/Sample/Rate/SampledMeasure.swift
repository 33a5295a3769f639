/// A measure over a whole collection, which a sample of labels estimates.
public enum SampledMeasure: String, Sendable, Hashable, CaseIterable {
    /// The fraction of matching images that are positive.
    case precision
    /// The fraction of positive images that match.
    case recall
    /// The harmonic mean of precision and recall.
    case f1
    /// The fraction of all images that are positive.
    case prevalence

    /// Computes the measure.
    ///
    /// - Parameters:
    ///   - truePositives: The number of positive images that match.
    ///   - positives: The number of positive images.
    ///   - matches: The number of images that match.
    ///   - count: The number of images.
    /// - Returns: The value of the measure; 0 for 0/0.
    package func value(truePositives: Double, positives: Double, matches: Double, count: Double) -> Double {
        fraction(truePositives: truePositives, positives: positives, matches: matches, count: count).value ?? 0
    }

    /// The measure as a fraction of numbers of images.
    func fraction(truePositives: Double, positives: Double, matches: Double, count: Double) -> SampledFraction {
        switch self {
        case .precision: SampledFraction(part: truePositives, whole: matches)
        case .recall: SampledFraction(part: truePositives, whole: positives)
        case .f1: SampledFraction(part: 2 * truePositives, whole: matches + positives)
        case .prevalence: SampledFraction(part: positives, whole: count)
        }
    }

    /// How much the measure changes with the number of positive images among those that match, and among those that do
    /// not: its linearisation (Särndal, Swensson and Wretman, 1992, section 5.5), with the number of matches known.
    package func slopes(
        truePositives: Double,
        positives: Double,
        matches: Double,
        count: Double
    ) -> (matching: Double, other: Double) {
        let value = value(truePositives: truePositives, positives: positives, matches: matches, count: count)
        return switch self {
        case .precision: (1 / max(matches, 1), 0)
        case .recall: positives > 0 ? ((1 - value) / positives, -value / positives) : (0, 0)
        case .f1:
            matches + positives > 0 ? ((2 - value) / (matches + positives), -value / (matches + positives)) : (0, 0)
        case .prevalence: (1 / count, 1 / count)
        }
    }
}

/// A fraction of numbers of images.
struct SampledFraction: Sendable, Hashable {
    var part: Double
    var whole: Double

    /// `nil` for 0/0.
    var value: Double? { whole > 0 ? part / whole : nil }
}
