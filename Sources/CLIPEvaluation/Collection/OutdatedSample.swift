/// A drawn sample of a category that was drawn for other decisions than those that are made now, such as those of an
/// earlier category file.
public struct OutdatedSample: Sendable, Hashable {
    /// The category's name.
    public let category: String
    /// The number of labelled images among those that match now.
    package let matches: Int
    /// The number of images drawn with equal probability that would tell as much (Kish, 1965).
    package let effectiveMatches: Double
}

extension CollectionScores {
    /// Finds categories of whose matching images the drawn labels tell little: none is labelled, or within strata of
    /// similar scores, images were drawn with so different probabilities that fewer than ten of equal probability, and
    /// fewer than half as many, would tell as much.
    ///
    /// - Parameter labels: The labels; those of images that are not in the collection are ignored.
    /// - Returns: The categories that need a new sample.
    /// - Precondition: The labels are for the categories of these scores.
    public func outdatedSamples(of labels: LabelledEmbeddings) -> [OutdatedSample] {
        precondition(labels.categories == categories, "the labels are for these categories")
        let rows = rowOfImage(labels.ids)
        return categories.indices.compactMap { category in
            guard labels.isDrawn(category: category), hasMatch(category: category) else { return nil }
            let ranking = ranking(category: category)
            let binOfRow = ranking.binOfRow
            let labels = drawnLabels(labels, category: category, rows: rows)
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
            guard matches == 0 || effective < min(10, 0.5 * Double(matches)) else { return nil }
            return OutdatedSample(category: categories[category], matches: matches, effectiveMatches: effective)
        }
    }
}
