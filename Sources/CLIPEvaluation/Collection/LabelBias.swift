/// How far the labelled images of a category are from a random sample of the collection, by their scores.
///
/// A person who labels what a report shows around the thresholds labels the images that are hard to decide, and metrics
/// of these say little about the collection.
public struct LabelBias: Sendable {
    /// The category's name.
    public let category: String
    /// The fraction of the labelled images that match.
    package let matchShare: Double
    /// The fraction of all images that match.
    package let collectionMatchShare: Double
    /// The fraction of the labelled images among the tenth of all images whose ranks are nearest to that of the threshold.
    package let nearShare: Double
    /// The metrics if the labelled images stand for all images with such scores.
    public let reweighted: SampleEstimate
}

extension CollectionScores {
    /// The number of labels from which a bias can be seen.
    private static let minimumLabels = 20

    /// Whether the scores of the whole collection would tell more about labels: they were drawn, or may show a bias.
    package static func areOfUse(for labels: LabelledEmbeddings) -> Bool {
        canShowBias(of: labels) || labels.categories.indices.contains(where: labels.isDrawn)
    }

    /// Whether there are labels enough to show a bias that were not drawn with known probabilities.
    package static func canShowBias(of labels: LabelledEmbeddings) -> Bool {
        labels.categories.indices.contains { category in
            !labels.isDrawn(category: category)
                && labels.truth(category: category).count { $0 != nil } >= minimumLabels
        }
    }

    /// Finds categories whose labels were not drawn with known probabilities and are no random sample of the collection.
    ///
    /// The ranks of randomly chosen images are uniform in the collection; Kolmogorov's test rejects that with a
    /// probability of 1 in 10,000 by chance. A difference of less than a tenth is ignored.
    ///
    /// - Parameters:
    ///   - labels: The labels; those of images that are not in the collection are ignored.
    ///   - seed: The same seed gives the same metrics.
    /// - Returns: The biased categories.
    /// - Precondition: The labels are for the categories of these scores.
    public func biases(of labels: LabelledEmbeddings, seed: UInt64 = 0) -> [LabelBias] {
        precondition(labels.categories == categories, "the labels are for these categories")
        let rows = rowOfImage(labels.ids)
        return categories.indices.compactMap { category in
            guard !labels.isDrawn(category: category) else { return nil }
            let known = labels.ids.indices.compactMap { image in
                labels.truth(image: image, category: category).flatMap { isPositive in
                    rows[image].map { SampledLabel(row: $0, isPositive: isPositive, probability: 1) }
                }
            }
            guard known.count >= Self.minimumLabels, known.contains(where: \.isPositive) else { return nil }
            let ranking = ranking(category: category)
            let ranks = ranking.ranks(of: known.map(\.row))
            guard Self.isBiased(ranks, among: count) else { return nil }
            let matches = ranking.bins.matchCount
            let width = (count + 9) / 10
            let start = min(max(matches - width / 2, 0), count - width)
            let near = start..<start + width
            return LabelBias(
                category: categories[category],
                matchShare: Double(ranks.count { $0 < matches }) / Double(ranks.count),
                collectionMatchShare: Double(matches) / Double(count),
                nearShare: Double(ranks.count(where: near.contains)) / Double(ranks.count),
                reweighted: estimate(category: category, labels: known, seed: seed)
            )
        }
    }

    private static func isBiased(_ ranks: [Int], among count: Int) -> Bool {
        let number = Double(ranks.count)
        let distance =
            ranks.sorted().enumerated().map { index, rank in
                let expected = (Double(rank) + 0.5) / Double(count)
                return max(abs(expected - Double(index) / number), abs(expected - Double(index + 1) / number))
            }.max() ?? 0
        // Kolmogorov: P(D > d) is about 2 exp(−2nd²), 1e-4 for 2nd² = 9.9.
        return distance > 0.1 && 2 * number * distance * distance > 9.9
    }
}
