/// Numbers of images by label and decision, in which an image may count more or less than once.
///
/// With weights 1/π of images that were drawn with probability π, they estimate the numbers in the collection (Horvitz
/// and Thompson, 1952), and their ratios the collection's precision, recall and F1 (Hájek, 1971). A metric that is 0/0 is
/// `nil`; scikit-learn, whose `sample_weight` are these weights, returns 0 with `zero_division=0`.
package struct WeightedCounts: Sendable, Hashable {
    /// Positive images that match.
    package var truePositives = 0.0
    /// Negative images that match.
    package var falsePositives = 0.0
    /// Images that belong to the category.
    package var positives = 0.0
    /// Images that do not belong to it.
    package var negatives = 0.0

    /// Creates empty counts.
    package init() {}

    /// Positive images that do not match.
    package var falseNegatives: Double { max(positives - truePositives, 0) }

    /// Negative images that do not match.
    package var trueNegatives: Double { max(negatives - falsePositives, 0) }

    /// `TP / (TP + FP)`, the fraction of matching images that are positive; `nil` if no image matches.
    package var precision: Double? { Self.ratio(truePositives, truePositives + falsePositives) }

    /// `TP / (TP + FN)`, the fraction of positive images that match; `nil` if there are none.
    package var recall: Double? { Self.ratio(truePositives, positives) }

    /// `2 TP / (2 TP + FP + FN)`, the harmonic mean of precision and recall (van Rijsbergen, 1979); `nil` if no image
    /// is positive or matches.
    package var f1: Double? { Self.ratio(2 * truePositives, truePositives + falsePositives + positives) }

    /// The fraction of all images that are positive; `nil` if there are none.
    package var prevalence: Double? { Self.ratio(positives, positives + negatives) }

    /// Whether there are both positive and negative images; otherwise metrics are meaningless.
    package var hasBothClasses: Bool { positives > 0 && negatives > 0 }

    /// Adds an image that counts `weight` times.
    package mutating func add(isPositive: Bool, isMatch: Bool, weight: Double) {
        if isPositive { positives += weight } else { negatives += weight }
        guard isMatch else { return }
        if isPositive { truePositives += weight } else { falsePositives += weight }
    }

    /// Adds the images of other counts.
    package static func += (sum: inout WeightedCounts, other: WeightedCounts) {
        sum.truePositives += other.truePositives
        sum.falsePositives += other.falsePositives
        sum.positives += other.positives
        sum.negatives += other.negatives
    }

    private static func ratio(_ part: Double, _ whole: Double) -> Double? { whole > 0 ? part / whole : nil }
}
