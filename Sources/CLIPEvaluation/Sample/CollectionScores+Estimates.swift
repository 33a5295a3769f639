internal import CLIPCore

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
        precondition(labels.categories == categories, "the labels are for these categories")
        let rows = rowOfImage(labels.ids)
        return inParallel { category in
            let drawn = labels.ids.indices.compactMap { image in
                labels.probability(image: image, category: category).flatMap { probability in
                    labels.truth(image: image, category: category).flatMap { isPositive in
                        rows[image].map { SampledLabel(row: $0, isPositive: isPositive, probability: probability) }
                    }
                }
            }
            guard !drawn.isEmpty else { return nil }
            return SampleEstimate(posterior(category: category, labels: drawn, seed: seed), seed: seed)
        }
    }

    /// What labels tell about the rates of a category.
    package func posterior(category: Int, labels: [SampledLabel], seed: UInt64) -> RatePosterior {
        let ranking = ranking(category: category)
        return RatePosterior(bins: ranking.bins, counts: ranking.counts(labels), seed: seed)
    }

    /// The row of each id; `nil` if it is not in the collection.
    func rowOfImage(_ wanted: [String]) -> [Int?] {
        // Few rows are worth hashing their ids: those whose number is that of a wanted id.
        let numbers = Set(wanted.map(Self.tieBreaker(of:)))
        let candidates = ids.indices.filter { numbers.contains(tieBreakers[$0]) }
        let rows = Dictionary(candidates.map { (ImageIDKey(ids[$0]), $0) }, uniquingKeysWith: { $1 })
        return wanted.map { rows[ImageIDKey($0)] }
    }

    /// Computes a value for each category, several at a time.
    func inParallel<Value>(_ value: (_ category: Int) -> Value?) -> [Value?] {
        var values = [Value?](repeating: nil, count: categories.count)
        values.withUnsafeMutableBufferPointer { values in
            nonisolated(unsafe) let values = values
            Parallel.forEachRange(of: categories.count, minimum: 1) { range in
                for category in range { values[category] = value(category) }
            }
        }
        return values
    }
}

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
    /// Counts labels by bin.
    package func counts(_ labels: [SampledLabel]) -> BinCounts {
        let bins = binOfRow
        return BinCounts(
            labels.lazy.map { (bin: bins[$0.row], isPositive: $0.isPositive, probability: $0.probability) },
            binCount: self.bins.count
        )
    }
}
