public import CLIPCore

/// Metrics of decisions against labels, per category and overall.
///
/// ```swift
/// let images = try LabelledEmbeddings(labels, categories: file.categories.map(\.name), store: store)
/// let evaluation = Evaluation(images, decisions: try classifier.classify(images.embeddings))
/// evaluation.categories[0].figures?.f1.value  // 0.92
/// ```
///
/// Pairs of image and category without a label are ignored. Labels that were drawn with known probabilities count 1/π
/// times. A category whose labels are all positive or all negative has no metrics and is excluded from the means. Average precision ranks by score alone; thresholds and the neutral
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
        /// Numbers of labels by decision.
        public let counts: ConfusionCounts
        /// The same numbers, each image counted as often as it stands for images of the collection.
        package let weighted: WeightedCounts
        /// The number of images of equal weight that would tell as much about the matching images as those labelled (Kish,
        /// 1965).
        package let effectiveMatches: Double
        /// Images without a label for this category.
        package let unknownCount: Int
        /// Precision, recall and F1; `nil` unless there are positive and negative labels.
        public let figures: Figures?
        /// `Σₙ (Rₙ − Rₙ₋₁) Pₙ` of recall `R` and precision `P` over the thresholds from the highest to the lowest, 0…1;
        /// `nil` unless there are positive and negative labels.
        public let averagePrecision: MetricEstimate?
        /// The fraction of all images that are positive; `nil` if there is no label.
        public let prevalence: MetricEstimate?

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
        let weights = ImageWeights(images, categories: Array(images.categories.indices))
        let estimates = bootstrap.estimates(weights) { Self.figures(measured, weights: $0) }
        let width = MeasuredCategory.figureCount
        let rows = stride(from: 0, to: estimates.count, by: width).map { Array(estimates[$0..<$0 + width]) }
        categories = measured.indices.map { index in
            let shares = measured[index].shares(weights: weights.all[index])
            let own = zip(rows[index], shares).map { estimate, share in
                estimate?.lowered(share: share, isDrawn: images.isDrawn(category: index))
            }
            return Category(
                name: images.categories[index],
                counts: measured[index].counts,
                weighted: measured[index].counts(weights: weights.all[index]),
                effectiveMatches: shares[0].effectiveCount,
                unknownCount: images.count - measured[index].ranking.items.count,
                figures: Figures(own),
                averagePrecision: rows[index][4],
                prevalence: own[3]
            )
        }
        micro = Figures(rows[measured.count])
        macro = Figures(rows[measured.count + 1])
        meanAveragePrecision = rows[measured.count + 1][4]
    }

    init(categories: [Category], micro: Figures?, macro: Figures?, meanAveragePrecision: MetricEstimate?) {
        self.categories = categories
        self.micro = micro
        self.macro = macro
        self.meanAveragePrecision = meanAveragePrecision
    }

    /// The metrics of each category, then of all pairs (without average precision), then the means.
    private static func figures(_ categories: [MeasuredCategory], weights: [[Double]]) -> [Double?] {
        var all = WeightedCounts()
        let rows = zip(categories, weights).map { category, weights in
            let counts = category.counts(weights: weights)
            all += counts
            return counts.figures
                + [counts.hasBothClasses ? category.ranking.averagePrecision(weights: weights) : nil]
        }
        let means = (0..<MeasuredCategory.figureCount).map { column in
            let defined = rows.compactMap { $0[column] }
            return defined.isEmpty ? nil : defined.reduce(0, +) / Double(defined.count)
        }
        return rows.flatMap(\.self) + all.figures + [nil] + means
    }
}

extension Evaluation.Figures {
    fileprivate init?(_ estimates: [MetricEstimate?]) {
        guard let precision = estimates[0], let recall = estimates[1], let f1 = estimates[2] else { return nil }
        self.init(precision: precision, recall: recall, f1: f1)
    }
}
