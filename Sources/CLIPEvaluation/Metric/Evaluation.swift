public import CLIPCore

/// Metrics of decisions against labels, per category and overall.
///
/// ```swift
/// let images = try LabelledEmbeddings(labels, categories: file.categories.map(\.name), store: store)
/// let evaluation = Evaluation(images, decisions: try classifier.classify(images.embeddings))
/// evaluation.categories[0].metrics?.f1.value  // 0.92
/// ```
///
/// Pairs of image and category without a label are ignored. A category whose labels are all positive or all negative has
/// no metrics and is excluded from the means. Average precision ranks by score alone; thresholds and the neutral test do
/// not affect it.
///
/// Labels that were drawn with known probabilities count 1/π times. Given the scores of the whole collection too, which
/// `clip-cli evaluate` always has, precision, recall, F1 and prevalence of their categories are those of a
/// ``SampleEstimate``, also if all labels are positive or all are negative, and so is average precision if not:
///
/// ```swift
/// let collection = try CollectionScores(store, classifier: classifier)
/// let evaluation = Evaluation(images, decisions: decisions, collection: collection)
/// ```
public struct Evaluation: Sendable {
    /// Precision, recall and F1.
    public struct Metrics: Sendable, Hashable {
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
        public let counts: ConfusionCounts<Int>
        /// The same numbers, each image counted as often as it stands for images of the collection.
        package let weighted: WeightedCounts
        /// Images without a label for this category.
        package let unknownCount: Int
        /// Precision, recall and F1; `nil` unless there are positive and negative labels, or an estimate from the scores
        /// of the collection.
        public let metrics: Metrics?
        /// Average precision, 0…1; `nil` unless there are positive and negative labels.
        ///
        /// `Σₙ (Rₙ − Rₙ₋₁) Pₙ` of recall `R` and precision `P` over the thresholds from the highest to the lowest. Without
        /// an interval if labels were drawn and the scores of the collection are not given.
        public let averagePrecision: MetricEstimate?
        /// The fraction of all images that are positive; `nil` if there is no label.
        public let prevalence: MetricEstimate?
        /// Whether the metrics are estimates from the scores of the collection.
        package let isEstimated: Bool

        /// Why metrics, or at least average precision, are undefined, in human-readable form; `nil` if they are not.
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
    /// Metrics of all pairs of image and category together; `nil` if all labels are positive or all are negative.
    ///
    /// If the scores of the collection are given and all labels were drawn, these are estimates for the collection;
    /// otherwise they are ratios of the (weighted) numbers of labels.
    public let micro: Metrics?
    /// Means over the categories with metrics; `nil` if there are none.
    ///
    /// If labels were drawn, the bounds of the intervals are the means of the categories' bounds. They hold whatever the
    /// categories have in common, such as drawn images.
    public let macro: Metrics?
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
        let isDrawn = images.categories.indices.map(images.isDrawn)
        let resampled = bootstrap.estimates(weights) { Self.metrics(measured, weights: $0, isDrawn: isDrawn) }
        let width = MeasuredCategory.metricCount
        let rows = stride(from: 0, to: resampled.count, by: width).map { Array(resampled[$0..<$0 + width]) }
        categories = measured.indices.map { index in
            let shares = measured[index].shares(weights: weights.all[index])
            let own = zip(rows[index], shares).map { $0?.lowered($1, isDrawn: isDrawn[index]) }
            let weighted = measured[index].counts(weights: weights.all[index])
            return Category(
                name: images.categories[index],
                counts: measured[index].counts,
                weighted: weighted,
                unknownCount: images.count - measured[index].ranking.items.count,
                metrics: Metrics(own),
                averagePrecision: isDrawn[index]
                    ? measured[index].averagePrecision(weighted, weights: weights.all[index])
                        .map { MetricEstimate(value: $0, interval: nil) }
                    : rows[index][4],
                prevalence: own[3],
                isEstimated: false
            )
        }
        micro = Metrics(rows[measured.count])
        let isAnyDrawn = isDrawn.contains(true)
        macro = isAnyDrawn ? Metrics(meanOf: categories) : Metrics(rows[measured.count + 1])
        meanAveragePrecision =
            isAnyDrawn ? .mean(categories.compactMap(\.averagePrecision)) : rows[measured.count + 1][4]
    }

    init(categories: [Category], micro: Metrics?, macro: Metrics?, meanAveragePrecision: MetricEstimate?) {
        self.categories = categories
        self.micro = micro
        self.macro = macro
        self.meanAveragePrecision = meanAveragePrecision
    }

    /// The metrics of each category, then of all pairs (without average precision), then the means.
    ///
    /// Average precision is left out where labels were drawn, since resampling says nothing about it.
    private static func metrics(
        _ categories: [MeasuredCategory],
        weights: [[Double]],
        isDrawn: [Bool]
    ) -> [Double?] {
        var all = WeightedCounts()
        let rows = categories.indices.map { index in
            let counts = categories[index].counts(weights: weights[index])
            all += counts
            return counts.metrics
                + [isDrawn[index] ? nil : categories[index].averagePrecision(counts, weights: weights[index])]
        }
        let means = (0..<MeasuredCategory.metricCount).map { column in
            let defined = rows.compactMap { $0[column] }
            return defined.isEmpty ? nil : defined.reduce(0, +) / Double(defined.count)
        }
        return rows.flatMap(\.self) + all.metrics + [nil] + means
    }
}

extension Evaluation.Metrics {
    fileprivate init?(_ estimates: [MetricEstimate?]) {
        guard let precision = estimates[0], let recall = estimates[1], let f1 = estimates[2] else { return nil }
        self.init(precision: precision, recall: recall, f1: f1)
    }
}
