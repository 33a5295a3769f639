internal import CLIPCore
internal import CLIPEvaluation

/// Metrics and matrices as text.
enum EvaluationText {
    static func table(_ evaluation: Evaluation) -> String {
        var rows = evaluation.categories.map { category in
            row(
                Text.printable(category.name),
                ["\(category.counts.positives)", "\(category.counts.negatives)"],
                category.metrics,
                [category.averagePrecision, category.prevalence]
            )
        }
        rows.append(row("(micro)", ["", ""], evaluation.micro, [nil, nil]))
        rows.append(row("(macro, mAP)", ["", ""], evaluation.macro, [evaluation.meanAveragePrecision, nil]))
        let header = ["category", "positive", "negative", "precision", "recall", "F1", "AP", "prevalence"]
        return Text.table(header: header, rows: rows)
    }

    /// Notes on what the metrics cover.
    static func notes(
        _ evaluation: Evaluation,
        imageCount: Int,
        isDrawn: Bool,
        _ bootstrap: BootstrapOptions
    ) -> String {
        var lines = [String]()
        func undefined(_ categories: [Evaluation.Category]) -> String? {
            let texts = categories.compactMap { category in
                category.undefinedReason.map { "'\(Text.printable(category.name))' (\($0))" }
            }
            return texts.isEmpty ? nil : texts.joined(separator: ", ")
        }
        if let texts = undefined(evaluation.categories.filter { $0.metrics == nil }) {
            lines.append("Undefined, and excluded from the means: \(texts).")
        }
        if let texts = undefined(evaluation.categories.filter { $0.metrics != nil }) {
            lines.append("AP is undefined, and excluded from mAP: \(texts).")
        }
        let unknown = evaluation.categories.reduce(0) { $0 + $1.unknownCount }
        let pairs = imageCount * evaluation.categories.count
        lines.append(
            "\(Text.count(imageCount, "labelled image")), \(pairs - unknown) of \(pairs) pairs of image and category labelled."
        )
        if isDrawn {
            lines.append(
                "Drawn labels: metrics are estimates for the whole store by a model of its scores. Intervals of means allow for "
                    + "images that categories share."
            )
        }
        if bootstrap.resamples > 0 {
            let resampled = isDrawn ? "" : " (AP, micro and macro: \(bootstrap.resamples) bootstrap resamples)"
            lines.append("Brackets: 95 % confidence intervals\(resampled).")
            let scarce = evaluation.categories.filter { category in
                category.averagePrecision?.interval != nil && !category.isEstimated && category.counts.isScarce
            }
            if !scarce.isEmpty {
                let names = scarce.map { "'\(Text.printable($0.name))'" }.joined(separator: ", ")
                lines.append(
                    "Fewer than \(ConfusionCounts<Int>.scarceCount) positive or negative labels, so the intervals of AP are too narrow: "
                        + "\(names)."
                )
            }
        }
        return lines.joined(separator: "\n")
    }

    static func table(_ matrix: ConfusionMatrix) -> String {
        let names = matrix.categories.map(Text.printable) + ["(none)"]
        let positions = matrix.categories.indices.map { $0 as Int? } + [nil]
        let rows = zip(names, positions).map { name, category in
            [name] + positions.map { Text.fixed(matrix.count(of: category, givenAs: $0), digits: 0) }
        }
        var lines = [Text.table(header: ["label / decision"] + names, rows: rows)]
        if let name = matrix.group?.name { lines.insert("Group '\(Text.printable(name))'", at: 0) }
        if let accuracy = matrix.accuracy { lines.append("Accuracy: \(Text.fixed(accuracy, digits: 3))") }
        if matrix.unknownCount > 0 {
            lines.append("Not counted (category unknown): \(matrix.unknownCount) images")
        }
        return lines.joined(separator: "\n")
    }

    private static func row(
        _ name: String,
        _ counts: [String],
        _ metrics: Evaluation.Metrics?,
        _ others: [MetricEstimate?]
    ) -> [String] {
        [name] + counts + ([metrics?.precision, metrics?.recall, metrics?.f1] + others).map(text)
    }

    /// For example `0.912 [0.85, 0.96]`; `-` if undefined.
    private static func text(_ estimate: MetricEstimate?) -> String {
        guard let estimate else { return "-" }
        let interval = estimate.interval.map {
            " [\(Text.fixed($0.lowerBound, digits: 2)), \(Text.fixed($0.upperBound, digits: 2))]"
        }
        return Text.fixed(estimate.value, digits: 3) + (interval ?? "")
    }
}
