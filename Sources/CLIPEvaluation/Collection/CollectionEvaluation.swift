package import CLIPCore

/// An evaluation with the scores of the whole collection, which are ranked once for each category, and the samples that
/// need to be drawn again.
package struct CollectionEvaluation {
    /// The metrics.
    package let evaluation: Evaluation
    /// The samples that were drawn for other decisions or from a smaller collection.
    package let outdated: [OutdatedSample]

    /// Evaluates decisions; see ``Evaluation/init(_:decisions:collection:isFitted:bootstrap:)``.
    package init(
        _ images: LabelledEmbeddings,
        decisions: Decisions,
        collection: CollectionScores,
        isFitted: Bool = false,
        bootstrap: BootstrapOptions = BootstrapOptions()
    ) {
        let drawn = collection.drawn(images, isFitted: isFitted, seed: bootstrap.seed)
        let estimates = drawn.map { $0?.estimate }
        outdated = drawn.compactMap { $0?.outdated }
        // Where every label was drawn, nothing is left to resample.
        let isResampled = images.categories.indices.contains { category in
            estimates[category] == nil && images.truth(category: category).contains { $0 != nil }
        }
        let ratios = Evaluation(
            images,
            decisions: decisions,
            bootstrap: isResampled ? bootstrap : BootstrapOptions(resamples: 0)
        )
        guard estimates.contains(where: { $0 != nil }) else {
            evaluation = ratios
            return
        }
        let hasIntervals = bootstrap.resamples > 0
        let categories = zip(ratios.categories, drawn).map { ratio, drawn in
            drawn.map { ratio.estimated(by: $0, hasIntervals: hasIntervals) } ?? ratio
        }
        evaluation = Evaluation(
            categories: categories,
            micro: Evaluation.Metrics(pooling: estimates, of: categories, hasIntervals: hasIntervals) ?? ratios.micro,
            macro: Evaluation.Metrics(meanOf: categories),
            meanAveragePrecision: .mean(categories.compactMap(\.averagePrecision))
        )
    }
}

extension CollectionScores {
    /// What drawn labels of a category tell, and whether they were drawn for other decisions or from a smaller collection.
    typealias DrawnCategory = (
        estimate: SampleEstimate, averagePrecision: MetricEstimate?, outdated: OutdatedSample?
    )

    /// What each category's drawn labels tell; `nil` if it has none.
    func drawn(_ labels: LabelledEmbeddings, isFitted: Bool, seed: UInt64) -> [DrawnCategory?] {
        ranked(labels) { category, ranking, drawn in
            let decided = DecidedCategory(ranking, labels: drawn, isFitted: isFitted, seed: seed)
            return (
                decided.estimate,
                averagePrecision(category: category, decided),
                outdated(category: category, ranking, drawn)
            )
        }
    }
}
