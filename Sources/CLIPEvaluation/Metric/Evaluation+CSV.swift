package import CLIPCore

extension Evaluation {
    /// Writes the metrics as CSV: one line per category, then `(micro)` and `(macro)`.
    ///
    /// The columns are `category`, `positives`, `negatives`, `unknown`, `true_positives`, `false_positives`,
    /// `false_negatives`, `true_negatives`; the last four again, weighted (`weighted_…`); then `precision`, `recall`, `f1`,
    /// `prevalence` and `average_precision`, each followed by the bounds of its confidence interval, `_low` and `_high`;
    /// then `undefined`, the reason if a category has no metrics or no average precision. Undefined values are empty. The
    /// average precision of `(macro)` is mAP.
    ///
    /// Of drawn labels, all metrics are estimates for the whole collection if its scores were given, not ratios of the
    /// columns `weighted_…`.
    ///
    /// - Returns: The file, which the caller closes.
    /// - Throws: `CLIPError` with code `storage`.
    package func csvFile(_ path: String) throws -> CSVFile {
        let outcomes = ["true_positives", "false_positives", "false_negatives", "true_negatives"]
        let measures = ["precision", "recall", "f1", "prevalence", "average_precision"]
        let header =
            ["category", "positives", "negatives", "unknown"] + outcomes + outcomes.map { "weighted_\($0)" }
            + measures.flatMap { [$0, "\($0)_low", "\($0)_high"] } + ["undefined"]
        let file = try CSVFile(path: path, header: header)
        for category in categories {
            let (counts, weighted) = (category.counts, category.weighted)
            let numbers = [
                counts.positives, counts.negatives, category.unknownCount, counts.truePositives, counts.falsePositives,
                counts.falseNegatives, counts.trueNegatives,
            ]
            let sums = [
                weighted.truePositives, weighted.falsePositives, weighted.falseNegatives, weighted.trueNegatives,
            ]
            try file.write(
                [category.name] + numbers.map { "\($0)" } + sums.map { "\($0)" }
                    + Self.fields(category.metrics, category.prevalence, category.averagePrecision)
                    + [category.undefinedReason ?? ""]
            )
        }
        let noNumbers = [String](repeating: "", count: 11)
        try file.write(["(micro)"] + noNumbers + Self.fields(micro, nil, nil) + [""])
        try file.write(["(macro)"] + noNumbers + Self.fields(macro, nil, meanAveragePrecision) + [""])
        return file
    }

    private static func fields(
        _ metrics: Metrics?,
        _ prevalence: MetricEstimate?,
        _ averagePrecision: MetricEstimate?
    ) -> [String] {
        [metrics?.precision, metrics?.recall, metrics?.f1, prevalence, averagePrecision].flatMap { estimate in
            [estimate?.value, estimate?.interval?.lowerBound, estimate?.interval?.upperBound].map {
                $0.map { "\($0)" } ?? ""
            }
        }
    }
}

extension PrecisionRecallCurve {
    /// Writes the curves of all categories as CSV with the columns `category`, `threshold`, `precision` and `recall`.
    ///
    /// The last point of a category, where no image matches, has no threshold. Categories whose labels are all positive
    /// or all negative have no curve. Labels that were drawn with known probabilities count 1/π times.
    ///
    /// - Returns: The file, which the caller closes.
    /// - Throws: `CLIPError` with code `storage`.
    /// - Precondition: The decisions are for these images and categories.
    package static func csvFile(
        _ images: LabelledEmbeddings,
        decisions: Decisions,
        _ path: String
    ) throws -> CSVFile {
        precondition(decisions.count == images.count, "there is a decision for each image")
        precondition(decisions.categories.count == images.categories.count, "there is a decision for each category")
        let file = try CSVFile(path: path, header: ["category", "threshold", "precision", "recall"])
        for (index, name) in images.categories.enumerated() {
            let truth = images.truth(category: index)
            guard truth.contains(true), truth.contains(false) else { continue }
            let scores = (0..<images.count).map { decisions.evidence(image: $0, category: index).score }
            for point in PrecisionRecallCurve(scores: scores, truth: truth, weights: images.weights(category: index))
                .points
            {
                try file.write([name, point.threshold.map { "\($0)" } ?? "", "\(point.precision)", "\(point.recall)"])
            }
        }
        return file
    }
}

extension ConfusionMatrix {
    /// Writes matrices of different categories as CSV: one line per true category, one column per assigned category,
    /// `(none)` last.
    ///
    /// Labels that were drawn with known probabilities count 1/π times. The column `group` names the group of a line, if it
    /// has one; columns for categories of other groups are empty.
    ///
    /// - Returns: The file, which the caller closes.
    /// - Throws: `CLIPError` with code `storage`.
    package static func csvFile(_ matrices: [ConfusionMatrix], _ path: String) throws -> CSVFile {
        let names = matrices.flatMap(\.categories)
        let file = try CSVFile(path: path, header: ["group", "truth"] + names + ["(none)"])
        for matrix in matrices {
            for truth in matrix.categories.indices.map({ $0 as Int? }) + [nil] {
                let counts = names.map { name in
                    matrix.categories.firstIndex(of: name).map { matrix.text(of: truth, givenAs: $0) } ?? ""
                }
                let name = truth.map { matrix.categories[$0] } ?? "(none)"
                let none = matrix.text(of: truth, givenAs: nil)
                try file.write([matrix.group?.name ?? "", name] + counts + [none])
            }
        }
        return file
    }
}
