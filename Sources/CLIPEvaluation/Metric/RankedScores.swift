internal import CLIPCore

/// The labelled images of one category from the highest score to the lowest, sorted once and fitted often.
struct RankedScores {
    struct Item {
        let score: Float
        /// Positive minus neutral similarity; infinite if the rule has no neutral test.
        let gap: Float
        let row: Int
        let isPositive: Bool
    }

    let items: [Item]

    /// Ranks the labelled images of one category.
    ///
    /// - Parameters:
    ///   - evidence: One item per image.
    ///   - labels: One label per image, or `nil` if unknown.
    init(evidence: some Sequence<Evidence>, labels: [Bool?]) {
        items = zip(evidence, labels).enumerated().compactMap { row, pair in
            guard let label = pair.1 else { return nil }
            let gap = pair.0.neutral.map { pair.0.positive - $0 } ?? .infinity
            return Item(score: pair.0.score, gap: gap, row: row, isPositive: label)
        }.sorted { ($0.score, $1.row) > ($1.score, $0.row) }
    }

    private init(items: [Item]) {
        self.items = items
    }

    /// Returns the images of some rows.
    func filter(_ isIncluded: (_ row: Int) -> Bool) -> RankedScores {
        RankedScores(items: items.filter { isIncluded($0.row) })
    }

    /// Compares decisions with labels; if `threshold` is `nil`, no image matches.
    func counts(threshold: Float?, margin: Float, weights: [Double]) -> WeightedCounts {
        var counts = WeightedCounts()
        for item in items where weights[item.row] > 0 {
            let isMatch = item.gap >= margin && threshold.map { item.score >= $0 } ?? false
            counts.add(isPositive: item.isPositive, isMatch: isMatch, weight: weights[item.row])
        }
        return counts
    }

    /// A number above `low` and at most `high`, midway if possible.
    static func middle(_ low: Float, _ high: Float) -> Float {
        let middle = low + (high - low) / 2
        return middle > low ? middle : high
    }
}
