internal import CLIPCore

/// Precision and recall of a category at every distinct score of its labelled images.
///
/// Equal to `precision_recall_curve` and `average_precision_score` of scikit-learn.
///
/// ```swift
/// let curve = PrecisionRecallCurve(scores: [0.8, 0.4, 0.35, 0.1], truth: [true, false, true, false])
/// curve.averagePrecision  // 0.8333…
/// ```
package struct PrecisionRecallCurve: Sendable, Hashable {
    /// One point of the curve.
    package struct Point: Sendable, Hashable {
        /// The score from which an image matches, which is the score of an image; `nil` at the point where no image
        /// matches.
        package let threshold: Float?
        /// `TP / (TP + FP)`; 1 if no image matches.
        package let precision: Double
        /// `TP / (TP + FN)`; 1 at every threshold if no image is positive.
        package let recall: Double
    }

    /// One point per distinct score, from the lowest to the highest, then the point where no image matches.
    package let points: [Point]
    /// `Σₙ (Rₙ − Rₙ₋₁) Pₙ` over the thresholds from the highest to the lowest, 0…1; `nil` if no image is positive.
    ///
    /// Precision `P` and recall `R` change only between distinct scores, so equal scores are ranked together. Values
    /// are not interpolated (Zhu, 2004). Where this is `nil`, scikit-learn returns 0.
    package let averagePrecision: Double?

    /// Computes the curve.
    ///
    /// - Parameters:
    ///   - scores: One score per image.
    ///   - truth: Whether each image belongs to the category; images with `nil` are ignored.
    ///   - weights: How often each image counts, above 0.
    /// - Precondition: There is one value of `truth` and of `weights` per score, and no score is NaN.
    package init(scores: [Float], truth: [Bool?], weights: [Double]) {
        precondition(scores.count == truth.count, "every image has a score and a truth, if only nil")
        precondition(scores.count == weights.count, "every image has a weight")
        let ranking = RankedScores(evidence: scores.lazy.map { Evidence(score: $0, positive: $0) }, labels: truth)
        let total = ranking.counts(threshold: nil, margin: -.infinity, weights: weights).positives
        var points = [Point(threshold: nil, precision: 1, recall: 0)]
        ranking.forEachThreshold(weights: weights) { score, positives, negatives in
            points.append(
                Point(
                    threshold: score,
                    precision: positives / (positives + negatives),
                    recall: total == 0 ? 1 : positives / total
                )
            )
        }
        self.points = points.reversed()
        averagePrecision = ranking.averagePrecision(weights: weights)
    }
}
