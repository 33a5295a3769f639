public import CLIPCore

extension Evaluation {
    /// Evaluates decisions with the scores of the whole collection, as `clip-cli evaluate` does.
    ///
    /// Precision, recall, F1 and prevalence of the categories whose labels were drawn with known probabilities are those of
    /// ``CollectionScores/estimates(_:seed:)``, and average precision is estimated by the same model; their means follow.
    ///
    /// - Parameters:
    ///   - images: The labelled images.
    ///   - decisions: The decisions, in the same order.
    ///   - collection: The scores and decisions of the whole collection.
    ///   - isFitted: Whether the thresholds may have been fitted to these labels. Then drawn labels are modelled around the
    ///     threshold of largest F1, since one that was fitted for a recall may lie far below.
    ///   - bootstrap: The bootstrap for the other confidence intervals; its seed is that of the estimates too.
    /// - Precondition: The decisions are for these images and categories, and so is the collection.
    public init(
        _ images: LabelledEmbeddings,
        decisions: Decisions,
        collection: CollectionScores,
        isFitted: Bool = false,
        bootstrap: BootstrapOptions = BootstrapOptions()
    ) {
        self =
            CollectionEvaluation(
                images,
                decisions: decisions,
                collection: collection,
                isFitted: isFitted,
                bootstrap: bootstrap
            ).evaluation
    }
}

extension Evaluation.Category {
    /// The category with metrics as estimated from the scores of the whole collection.
    func estimated(by drawn: CollectionScores.DrawnCategory, hasIntervals: Bool) -> Evaluation.Category {
        let estimate = drawn.estimate
        return Evaluation.Category(
            name: name,
            counts: counts,
            weighted: weighted,
            unknownCount: unknownCount,
            metrics: Evaluation.Metrics(
                precision: estimate.precision.with(interval: hasIntervals),
                recall: estimate.recall.with(interval: hasIntervals),
                f1: estimate.f1.with(interval: hasIntervals)
            ),
            averagePrecision: averagePrecision == nil
                ? nil : drawn.averagePrecision?.with(interval: hasIntervals),
            prevalence: estimate.prevalence.with(interval: hasIntervals),
            isEstimated: true
        )
    }
}

extension Evaluation.Metrics {
    /// The metrics of all pairs of image and category; `nil` unless there are labels and each category with labels has an
    /// estimate.
    init?(pooling estimates: [SampleEstimate?], of categories: [Evaluation.Category], hasIntervals: Bool) {
        let known = estimates.compactMap(\.self)
        let isComplete = zip(estimates, categories).allSatisfy { estimate, category in
            estimate != nil || category.counts.positives + category.counts.negatives == 0
        }
        guard !known.isEmpty, isComplete else { return nil }
        func pooled(_ measure: SampledMeasure) -> MetricEstimate {
            SampleEstimate.pooled(known, measure).with(interval: hasIntervals)
        }
        self.init(precision: pooled(.precision), recall: pooled(.recall), f1: pooled(.f1))
    }
}
