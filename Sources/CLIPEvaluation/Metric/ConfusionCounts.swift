/// Numbers of images by label and decision: the labelled images of one category.
public struct ConfusionCounts<Number: Numeric & Comparable & Hashable & Sendable>: Sendable, Hashable {
    /// Positive images that match.
    public package(set) var truePositives: Number = 0
    /// Negative images that match.
    public package(set) var falsePositives: Number = 0
    /// Images labelled as belonging to the category.
    package var positives: Number = 0
    /// Images labelled as not belonging to it.
    package var negatives: Number = 0

    /// Creates empty counts.
    package init() {}

    /// Positive images that do not match.
    public var falseNegatives: Number { max(positives - truePositives, 0) }

    /// Negative images that do not match.
    public var trueNegatives: Number { max(negatives - falsePositives, 0) }

    /// Whether there are both positive and negative images; otherwise metrics are meaningless.
    package var hasBothClasses: Bool { positives > 0 && negatives > 0 }

    /// Adds an image that counts `weight` times.
    package mutating func add(isPositive: Bool, isMatch: Bool, weight: Number = 1) {
        if isPositive { positives += weight } else { negatives += weight }
        guard isMatch else { return }
        if isPositive { truePositives += weight } else { falsePositives += weight }
    }

    /// Adds the images of other counts.
    package static func += (sum: inout ConfusionCounts, other: ConfusionCounts) {
        sum.truePositives += other.truePositives
        sum.falsePositives += other.falsePositives
        sum.positives += other.positives
        sum.negatives += other.negatives
    }
}

extension ConfusionCounts<Int> {
    /// The number of positive and of negative images below which bootstrap intervals, those of average precision and of
    /// means, are too narrow.
    package static var scarceCount: Int { 30 }

    /// Whether there are fewer than ``scarceCount`` positive or negative images.
    package var isScarce: Bool { min(positives, negatives) < Self.scarceCount }
}

/// Numbers of images of which each may count more or less than once.
///
/// With weights 1/π of images that were drawn with probability π, they estimate the numbers in the collection (Horvitz
/// and Thompson, 1952), and their ratios the collection's precision, recall and F1 (Hájek, 1971). A metric that is 0/0 is
/// `nil`; scikit-learn, whose `sample_weight` are these weights, returns 0 with `zero_division=0`.
package typealias WeightedCounts = ConfusionCounts<Double>

extension ConfusionCounts<Double> {
    /// `TP / (TP + FP)`, the fraction of matching images that are positive; `nil` if no image matches.
    package var precision: Double? { Self.ratio(truePositives, truePositives + falsePositives) }

    /// `TP / (TP + FN)`, the fraction of positive images that match; `nil` if there are none.
    package var recall: Double? { Self.ratio(truePositives, positives) }

    /// `2 TP / (2 TP + FP + FN)`, the harmonic mean of precision and recall (van Rijsbergen, 1979); `nil` if no image
    /// is positive or matches.
    package var f1: Double? { Self.ratio(2 * truePositives, truePositives + falsePositives + positives) }

    /// The fraction of all images that are positive; `nil` if there are none.
    package var prevalence: Double? { Self.ratio(positives, positives + negatives) }

    private static func ratio(_ part: Double, _ whole: Double) -> Double? { whole > 0 ? part / whole : nil }
}
