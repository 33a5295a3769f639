public import CLIPCore

/// Metrics of decisions against labels, per category and overall.
///
/// ```swift
/// let images = try LabelledEmbeddings(labels, categories: file.categories.map(\.name), store: store)
/// let evaluation = Evaluation(images, decisions: try classifier.classify(images.embeddings))
/// evaluation.categories[0].figures?.f1.value  // 0.92
/// ```
///
/// Pairs of image and category without a label are ignored. A category whose labels are all positive or all negative
/// has no metrics and is excluded from the means. Average precision ranks by score alone; thresholds and the neutral
/// test do not affect it.
public struct Evaluation: Sendable {
    /// Precision, recall and F1.
    public struct Figures: Sendable, Hashable {
        /// The fraction of matching images that are positive; 0 if no image matches.
        public let precision: MetricEstimate
        /// The fraction of positive images that match.
        public let recall: MetricEstimate
        /// The harmonic mean of both; 0 if no positive image matches.
        public let f1: MetricEstimate
    }

    /// One category.
    public struct Category: Sendable, Hashable {
        /// The category's name.
        public let name: String
        /// Counts of decisions for the labelled images.
        public let counts: ConfusionCounts
        /// Images without a label for this category.
        package let unknownCount: Int
        /// Precision, recall and F1; `nil` unless there are positive and negative labels.
        public let figures: Figures?
        /// `Σₙ (Rₙ − Rₙ₋₁) Pₙ` of recall `R` and precision `P` over the thresholds from the highest to the lowest, 0…1;
        /// `nil` unless there are positive and negative labels.
        public let averagePrecision: MetricEstimate?

        /// Why there are no metrics, in human-readable form; `nil` if there are.
        package var undefinedReason: String? {
            switch (counts.positives, counts.negatives) {
            case (0, 0): "there is no label"
            case (0, _): "there is no positive label"
            case (_, 0): "there is no negative label"
            default: nil
            }
        }
    }

    /// The categories, in the order of the file.
    public let categories: [Category]
    /// Metrics of all labelled pairs of image and category together; `nil` if all are positive or all are negative.
    public let micro: Figures?
    /// Means over the categories with metrics; `nil` if there are none.
    public let macro: Figures?
    /// Mean of the categories' average precision, mAP; `nil` if there is none.
    public let meanAveragePrecision: MetricEstimate?

    /// Evaluates decisions.
    ///
    /// - Parameters:
    ///   - images: The labelled images.
    ///   - decisions: The decisions, in the same order.
    ///   - bootstrap: The bootstrap for the confidence intervals. In each resample, means are taken over the categories
    ///     that have metrics in it.
    /// - Precondition: The decisions are for these images and categories.
    public init(_ images: LabelledEmbeddings, decisions: Decisions, bootstrap: BootstrapOptions = BootstrapOptions()) {
        precondition(decisions.count == images.count, "there is a decision for each image")
        precondition(decisions.categories.count == images.categories.count, "there is a decision for each category")
        let measured = images.categories.indices.map { MeasuredCategory($0, images, decisions) }
        let estimates = bootstrap.estimates(imageCount: images.count) { Self.figures(measured, weights: $0) }
        let rows = stride(from: 0, to: estimates.count, by: 4).map {
            Array(estimates[$0..<min($0 + 4, estimates.count)])
        }
        let once = [Int](repeating: 1, count: images.count)
        categories = measured.indices.map { index in
            let ranked = measured[index].ranking.items.count
            return Category(
                name: images.categories[index],
                counts: measured[index].counts(weights: once),
                unknownCount: images.count - ranked,
                figures: Figures(rows[index]),
                averagePrecision: rows[index][3]
            )
        }
        micro = Figures(rows[measured.count])
        macro = Figures(rows[measured.count + 1])
        meanAveragePrecision = rows[measured.count + 1][3]
    }

    /// Precision, recall, F1 and average precision of each category, then of all pairs (without average precision),
    /// then the means.
    private static func figures(_ categories: [MeasuredCategory], weights: [Int]) -> [Double?] {
        var all = ConfusionCounts()
        let rows = categories.map { category in
            let counts = category.counts(weights: weights)
            all += counts
            return counts.figures + [counts.hasBothClasses ? category.ranking.averagePrecision(weights: weights) : nil]
        }
        let means = (0..<4).map { column in
            let defined = rows.compactMap { $0[column] }
            return defined.isEmpty ? nil : defined.reduce(0, +) / Double(defined.count)
        }
        return rows.flatMap(\.self) + all.figures + [nil] + means
    }
}

/// The labelled images of a category ranked by score, with the decisions.
private struct MeasuredCategory {
    let ranking: RankedScores
    /// Whether each ranked image matches.
    private let isMatch: [Bool]

    init(_ category: Int, _ images: LabelledEmbeddings, _ decisions: Decisions) {
        ranking = RankedScores(
            evidence: (0..<images.count).lazy.map { decisions.evidence(image: $0, category: category) },
            labels: images.truth(category: category)
        )
        isMatch = ranking.items.map { decisions.outcome(image: $0.row, category: category) == .match }
    }

    func counts(weights: [Int]) -> ConfusionCounts {
        var counts = ConfusionCounts()
        for (item, isMatch) in zip(ranking.items, isMatch) {
            counts.add(isPositive: item.isPositive, isMatch: isMatch, count: weights[item.row])
        }
        return counts
    }
}

extension ConfusionCounts {
    /// Precision, recall and F1, with 0 for 0/0; three times `nil` unless there are positive and negative images.
    fileprivate var figures: [Double?] {
        hasBothClasses ? [precision ?? 0, recall ?? 0, f1 ?? 0] : [nil, nil, nil]
    }
}

extension Evaluation.Figures {
    fileprivate init?(_ estimates: [MetricEstimate?]) {
        guard let precision = estimates[0], let recall = estimates[1], let f1 = estimates[2] else { return nil }
        self.init(precision: precision, recall: recall, f1: f1)
    }
}
