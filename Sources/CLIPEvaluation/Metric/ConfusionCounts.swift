/// Counts of correct and incorrect decisions: the images of one category, or pairs of image and category.
///
/// A metric that is 0/0 is `nil`; scikit-learn returns 0 with `zero_division=0`.
public struct ConfusionCounts: Sendable, Hashable {
    /// Positive images that match.
    public var truePositives = 0
    /// Negative images that match.
    public var falsePositives = 0
    /// Images labelled as belonging to the category.
    package var positives = 0
    /// Images labelled as not belonging to it.
    package var negatives = 0

    /// Creates empty counts.
    package init() {}

    /// Positive images that do not match.
    public var falseNegatives: Int { positives - truePositives }

    /// Negative images that do not match.
    public var trueNegatives: Int { negatives - falsePositives }

    /// `TP / (TP + FP)`, the fraction of matching images that are positive; `nil` if no image matches.
    package var precision: Double? { Self.ratio(truePositives, truePositives + falsePositives) }

    /// `TP / (TP + FN)`, the fraction of positive images that match; `nil` if there are none.
    package var recall: Double? { Self.ratio(truePositives, positives) }

    /// `2 TP / (2 TP + FP + FN)`, the harmonic mean of precision and recall (van Rijsbergen, 1979); `nil` if no image
    /// is positive or matches.
    package var f1: Double? { Self.ratio(2 * truePositives, truePositives + falsePositives + positives) }

    /// Whether there are both positive and negative images; otherwise metrics are meaningless.
    package var hasBothClasses: Bool { positives > 0 && negatives > 0 }

    /// The number of positive and of negative images below which bootstrap intervals are too narrow.
    ///
    /// Ten images without an error are consistent with an error rate of up to 26 % (the 95 % bound `1 − 0.05^(1/10)`),
    /// which resampling them cannot show.
    package static let scarceCount = 10

    /// Whether there are fewer than ``scarceCount`` positive or negative images.
    package var isScarce: Bool { min(positives, negatives) < Self.scarceCount }

    /// Adds `count` images with the same label and decision.
    package mutating func add(isPositive: Bool, isMatch: Bool, count: Int = 1) {
        if isPositive { positives += count } else { negatives += count }
        guard isMatch else { return }
        if isPositive { truePositives += count } else { falsePositives += count }
    }

    /// Adds the images of other counts.
    package static func += (sum: inout ConfusionCounts, other: ConfusionCounts) {
        sum.truePositives += other.truePositives
        sum.falsePositives += other.falsePositives
        sum.positives += other.positives
        sum.negatives += other.negatives
    }

    private static func ratio(_ part: Int, _ whole: Int) -> Double? {
        whole == 0 ? nil : Double(part) / Double(whole)
    }
}
