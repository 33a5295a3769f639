/// A label of a drawn image.
package struct SampledLabel: Sendable, Hashable {
    /// The image's row in the collection.
    package let row: Int
    /// Whether it belongs to the category.
    package let isPositive: Bool
    /// The probability with which it was drawn.
    package let probability: Double

    /// Creates a label.
    package init(row: Int, isPositive: Bool, probability: Double) {
        self.row = row
        self.isPositive = isPositive
        self.probability = probability
    }
}

extension CollectionScores.Ranking {
    /// The ranks of rows, 0 for the first.
    func ranks(of wanted: [Int]) -> [Int] {
        var ranks = [Int](repeating: 0, count: rows.count)
        for (rank, row) in rows.enumerated() { ranks[row] = rank }
        return wanted.map { ranks[$0] }
    }

    /// Counts labels by bin.
    package func counts(_ labels: [SampledLabel]) -> BinCounts {
        let bins = binOfRow
        return BinCounts(
            labels.lazy.map { (bin: bins[$0.row], isPositive: $0.isPositive, probability: $0.probability) },
            binCount: self.bins.count
        )
    }
}

extension CollectionScores {
    /// The labels of a category that were drawn with known probabilities, given the row of each labelled image.
    func drawnLabels(_ labels: LabelledEmbeddings, category: Int, rows: [Int?]) -> [SampledLabel] {
        labels.ids.indices.compactMap { image in
            labels.probability(image: image, category: category).flatMap { probability in
                labels.truth(image: image, category: category).flatMap { isPositive in
                    rows[image].map { SampledLabel(row: $0, isPositive: isPositive, probability: probability) }
                }
            }
        }
    }
}
