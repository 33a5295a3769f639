extension CollectionScores {
    /// Estimates the measures of each category over the whole collection from labels that were drawn with known
    /// probabilities.
    ///
    /// - Parameters:
    ///   - labels: The labels; those of images that are not in the collection are ignored.
    ///   - seed: The same seed gives the same intervals.
    /// - Returns: One estimate per category, in the order of the category file; `nil` if it has no label with a
    ///   probability.
    /// - Precondition: The labels are for the categories of these scores.
    public func estimates(_ labels: LabelledEmbeddings, seed: UInt64 = 0) -> [SampleEstimate?] {
        ranked(labels) { _, ranking, drawn in
            DecidedCategory(ranking, labels: drawn, seed: seed).estimate
        }
    }

    /// Computes a value from the ranking and the drawn labels of each category that has some, several at a time.
    func ranked<Value>(
        _ labels: LabelledEmbeddings,
        _ value: (_ category: Int, Ranking, [SampledLabel]) -> Value?
    ) -> [Value?] {
        precondition(labels.categories == categories, "the labels are for these categories")
        let rows = rowOfImage(labels.ids)
        return inParallel { category in
            let drawn = drawnLabels(labels, category: category, rows: rows)
            return drawn.isEmpty ? nil : value(category, ranking(category: category), drawn)
        }
    }

    /// What labels tell about the decisions on a category.
    ///
    /// - Parameters:
    ///   - category: The position of the category.
    ///   - labels: Its labels.
    ///   - isFitted: Whether the threshold may have been fitted to these labels.
    ///   - seed: The same seed gives the same intervals.
    /// - Returns: The measures.
    package func estimate(
        category: Int,
        labels: [SampledLabel],
        isFitted: Bool = false,
        seed: UInt64
    ) -> SampleEstimate {
        DecidedCategory(ranking(category: category), labels: labels, isFitted: isFitted, seed: seed).estimate
    }
}
