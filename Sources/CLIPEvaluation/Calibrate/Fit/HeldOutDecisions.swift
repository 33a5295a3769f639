internal import CLIPCore

/// Decisions on images that thresholds and margin were not fitted to.
struct HeldOutDecisions {
    /// For each category and image, in how many divisions into folds the image matches.
    private var matches: [[Int]]
    /// Number of divisions into folds.
    var partitions = 0

    init(labels: LabelColumns) {
        matches = labels.categories.map { _ in [Int](repeating: 0, count: labels.ids.count) }
    }

    /// Fits to the other folds, and decides on one.
    mutating func add(_ fit: CalibrationFit, without part: Int, weights: ImageWeights) {
        let fitted = fit.fit(weights: weights.all.map { fit.folds.without(part, $0) })
        for (category, ranked) in fit.ranked.enumerated() {
            guard let threshold = fitted.thresholds[category].threshold else { continue }
            for item in ranked.items where fit.folds.assignment[item.row] == part {
                if item.score >= threshold, item.gap >= fitted.margin { matches[category][item.row] += 1 }
            }
        }
    }

    /// In which part of the divisions into folds each image of a category matches, 0…1.
    func shares(category: Int) -> [Double] {
        matches[category].map { Double($0) / Double(partitions) }
    }
}
