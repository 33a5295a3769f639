extension Evaluation {
    /// Replaces precision, recall, F1 and prevalence of the categories whose labels were drawn with known probabilities.
    ///
    /// The estimates use the scores of the whole collection, and their intervals are narrower than those of weighted
    /// ratios. Means are those of the new values. The categories' samples are independent, so the half-widths of the
    /// intervals add up in squares.
    ///
    /// - Parameter estimates: One per category; `nil` where labels were not drawn.
    /// - Returns: The same evaluation with these estimates.
    /// - Precondition: There is one estimate per category.
    package func with(_ estimates: [SampleEstimate?]) -> Evaluation {
        precondition(estimates.count == categories.count, "there is one estimate per category")
        guard estimates.contains(where: { $0 != nil }) else { return self }
        let categories = zip(categories, estimates).map { category, estimate in
            estimate.map(category.with) ?? category
        }
        let figures = categories.compactMap(\.figures)
        return Evaluation(
            categories: categories,
            micro: micro,
            macro: figures.isEmpty
                ? nil
                : Figures(
                    precision: .mean(figures.map(\.precision)),
                    recall: .mean(figures.map(\.recall)),
                    f1: .mean(figures.map(\.f1))
                ),
            meanAveragePrecision: meanAveragePrecision
        )
    }
}

extension Evaluation.Category {
    fileprivate func with(_ estimate: SampleEstimate) -> Evaluation.Category {
        func estimated(_ new: MetricEstimate, _ old: MetricEstimate?) -> MetricEstimate {
            MetricEstimate(value: new.value, interval: old?.interval == nil ? nil : new.interval)
        }
        return Evaluation.Category(
            name: name,
            counts: counts,
            weighted: weighted,
            effectiveMatches: effectiveMatches,
            unknownCount: unknownCount,
            figures: figures.map { figures in
                Evaluation.Figures(
                    precision: estimated(estimate.precision, figures.precision),
                    recall: estimated(estimate.recall, figures.recall),
                    f1: estimated(estimate.f1, figures.f1)
                )
            },
            averagePrecision: averagePrecision,
            prevalence: estimated(estimate.prevalence, prevalence)
        )
    }
}

extension MetricEstimate {
    /// The mean of independent estimates.
    fileprivate static func mean(_ estimates: [MetricEstimate]) -> MetricEstimate {
        let count = Double(estimates.count)
        let value = estimates.reduce(0) { $0 + $1.value } / count
        let intervals = estimates.compactMap(\.interval)
        guard intervals.count == estimates.count else { return MetricEstimate(value: value, interval: nil) }
        func reach(_ distance: (MetricEstimate, ClosedRange<Double>) -> Double) -> Double {
            zip(estimates, intervals).reduce(0) { $0 + distance($1.0, $1.1) * distance($1.0, $1.1) }.squareRoot()
                / count
        }
        return MetricEstimate(
            value: value,
            interval: value - reach { $0.value - $1.lowerBound }...value + reach { $1.upperBound - $0.value }
        )
    }
}
