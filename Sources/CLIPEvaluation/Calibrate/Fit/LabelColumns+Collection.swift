/// Scores a collection; the images match that pass the neutral test with a margin.
package typealias CollectionAtMargin = (_ neutralMargin: Float) async throws -> CollectionScores

extension LabelColumns {
    /// What the labels that were drawn with known probabilities tell about thresholds in a collection, category by category.
    ///
    /// - Parameters:
    ///   - collection: Scores for these categories, in which the images match that pass the neutral test.
    ///   - starts: For each category, a threshold that may be near that of largest F1.
    ///   - seed: The same seed gives the same results.
    ///   - value: What to compute of the model of a category, given by position; called for several at a time.
    /// - Returns: One value for each category; `nil` if its labels were not drawn, or no image passes.
    /// - Precondition: The labelled images are in the collection.
    func fitted<Value>(
        to collection: CollectionScores,
        starts: [Float?],
        seed: UInt64,
        _ value: (_ model: ThresholdModel, _ category: Int) -> Value?
    ) -> [Value?] {
        let rows = collection.rowOfImage(ids)
        let positions = Dictionary(uniqueKeysWithValues: zip(categories, categories.indices))
        let found = collection.inParallel { category -> Value? in
            guard let position = positions[collection.categories[category]], isDrawn(category: position),
                let start = starts[position]
            else { return nil }
            let labels = drawn(category: position, rows: rows)
            precondition(!labels.isEmpty, "the labelled images are in the collection")
            return ThresholdModel(collection, category: category, labels: labels, start: start, seed: seed)
                .flatMap { value($0, position) }
        }
        return categories.map { name in collection.categories.firstIndex(of: name).flatMap { found[$0] } }
    }

    /// The labels of a category that were drawn with known probabilities, given the row of each image.
    private func drawn(category: Int, rows: [Int?]) -> [SampledLabel] {
        ids.indices.compactMap { image in
            guard let row = rows[image], let isPositive = truth[category][image] else { return nil }
            return probabilities[category][image].map {
                SampledLabel(row: row, isPositive: isPositive, probability: $0)
            }
        }
    }
}
