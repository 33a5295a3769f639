/// A drawn sample of a category that was drawn for other decisions than those that are made now, such as those of an
/// earlier category file, or from a smaller collection.
public struct OutdatedSample: Sendable, Hashable {
    /// The category's name.
    public let category: String
    /// The number of labelled images among those that match now.
    package let matches: Int
    /// The number of images drawn with equal probability that would tell as much (Kish, 1965).
    package let effectiveMatches: Double
    /// Whether the labels tell little of the images that match now.
    package let isForOtherDecisions: Bool
    /// About how many images the collection had when images were drawn, the sum of the inverse probabilities, if there
    /// were many fewer; otherwise `nil`.
    package let formerCount: Int?
}

extension CollectionScores {
    /// The part of the collection that may have come later without a word: the sum of the inverse probabilities of several
    /// rounds is not exactly the number of images.
    private static let ignoredGrowth = 0.15

    /// Finds categories whose samples are outdated.
    ///
    /// They tell little of the matching images: none is labelled, or within strata of similar scores, images were drawn
    /// with so different probabilities that fewer than ten of equal probability, and fewer than half as many, would tell as
    /// much. Or they stand for fewer images than there are, because the collection grew.
    ///
    /// - Parameter labels: The labels; those of images that are not in the collection are ignored.
    /// - Returns: The categories that need a new sample.
    /// - Precondition: The labels are for the categories of these scores.
    public func outdatedSamples(of labels: LabelledEmbeddings) -> [OutdatedSample] {
        ranked(labels) { category, ranking, drawn in outdated(category: category, ranking, drawn) }.compactMap(\.self)
    }

    /// Whether the drawn labels of a category are outdated; `nil` if they are not.
    func outdated(category: Int, _ ranking: Ranking, _ labels: [SampledLabel]) -> OutdatedSample? {
        let binOfRow = ranking.binOfRow
        var effective = 0.0
        var matches = 0
        for stratum in ranking.bins.strata where stratum.upperBound <= ranking.bins.matchingBins {
            var share = Share()
            for label in labels where stratum.contains(binOfRow[label.row]) {
                share.add(isSuccess: label.isPositive, weight: 1 / label.probability)
                matches += 1
            }
            effective += share.effectiveCount
        }
        let isForOthers =
            ranking.bins.matchCount > 0 && (matches == 0 || effective < min(10, 0.5 * Double(matches)))
        let stoodFor = labels.reduce(0) { $0 + 1 / $1.probability }
        let hasGrown = stoodFor < (1 - Self.ignoredGrowth) * Double(count)
        guard isForOthers || hasGrown else { return nil }
        return OutdatedSample(
            category: categories[category],
            matches: matches,
            effectiveMatches: effective,
            isForOtherDecisions: isForOthers,
            formerCount: hasGrown ? Int(stoodFor.rounded()) : nil
        )
    }
}
