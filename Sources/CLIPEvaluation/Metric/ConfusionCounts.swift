/// How often decisions agree with labels: the images of one category, or pairs of image and category.
///
/// Where a figure is 0/0 it is `nil`; scikit-learn's functions with `zero_division=0` give 0 there.
public struct ConfusionCounts: Sendable, Hashable {
    /// Positive images that match.
    public var truePositives = 0
    /// Negative images that match.
    public var falsePositives = 0
    /// Images that are labelled as belonging to the category.
    package var positives = 0
    /// Images that are labelled as not belonging to it.
    package var negatives = 0

    /// Starts with no image.
    package init() {}

    /// Positive images that do not match.
    public var falseNegatives: Int { positives - truePositives }

    /// Negative images that do not match.
    public var trueNegatives: Int { negatives - falsePositives }

    /// `TP / (TP + FP)`, the share of the matching images that are positive; `nil` when none matches.
    package var precision: Double? { Self.ratio(truePositives, truePositives + falsePositives) }

    /// `TP / (TP + FN)`, the share of the positive images that match; `nil` when there are none.
    package var recall: Double? { Self.ratio(truePositives, positives) }

    /// `2 TP / (2 TP + FP + FN)`, the harmonic mean of precision and recall (van Rijsbergen, 1979); `nil` when no image is
    /// positive or matches.
    package var f1: Double? { Self.ratio(2 * truePositives, truePositives + falsePositives + positives) }

    /// Whether there are positive and negative images: otherwise no figure tells good decisions from bad ones.
    package var hasBothClasses: Bool { positives > 0 && negatives > 0 }

    /// With fewer positive or negative images than this, bootstrap intervals are too narrow to go by.
    ///
    /// Ten images without an error leave an error rate of up to 26 % possible (the 95 % bound `1 − 0.05^(1/10)`), of which
    /// resampling them shows nothing.
    package static let scarceCount = 10

    /// Whether there are fewer than ``scarceCount`` positive or negative images.
    package var isScarce: Bool { min(positives, negatives) < Self.scarceCount }

    /// Adds `count` images that match or do not.
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
