/// Numbers of labels by decision: the labelled images of one category.
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

    /// Whether there are both positive and negative images; otherwise metrics are meaningless.
    package var hasBothClasses: Bool { positives > 0 && negatives > 0 }

    /// The number of positive and of negative images below which bootstrap intervals, those of average precision and of
    /// means, are too narrow.
    package static let scarceCount = 30

    /// Whether there are fewer than ``scarceCount`` positive or negative images.
    package var isScarce: Bool { min(positives, negatives) < Self.scarceCount }

    /// Adds an image.
    package mutating func add(isPositive: Bool, isMatch: Bool) {
        if isPositive { positives += 1 } else { negatives += 1 }
        guard isMatch else { return }
        if isPositive { truePositives += 1 } else { falsePositives += 1 }
    }
}
