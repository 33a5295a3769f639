internal import CLIPCore
internal import CLIPEvaluation

/// Fitted thresholds as text.
enum CalibrationText {
    /// Thresholds fitted to labels.
    static func report(
        _ result: CalibrationResult,
        images: LabelledEmbeddings,
        bootstrap: BootstrapOptions,
        promise: String?,
        histograms: Bool
    ) -> String {
        var parts = [String]()
        if histograms {
            parts += result.categories.map { category in
                let index = images.categories.firstIndex(of: category.name)
                let labels = index.map { images.truth(category: $0) } ?? []
                return histogram(category.name, category.scores, labels: labels, threshold: category.threshold)
            }
        }
        parts.append(table(result))
        var notes = [String]()
        if let margin = result.neutralMargin {
            notes.append("Neutral margin: \(text(Double(margin), result.neutralMarginInterval))")
        }
        notes += kept(result.skipped)
        if result.neutralMargin != nil, !result.skipped.isEmpty {
            notes.append("The neutral margin applies to all categories, including those with kept thresholds.")
        }
        notes += result.categories.compactMap(tie)
        notes += promise.map { [$0] } ?? []
        notes += origins(result, isPromised: promise != nil)
        notes += withoutInterval(result, images, hasIntervals: bootstrap.resamples > 0)
        if bootstrap.resamples > 0 {
            let what =
                result.categories.contains { !$0.isEstimated && $0.thresholdInterval != nil }
                ? "thresholds" : result.neutralMargin.map { _ in "neutral margin" }
            let resampled = what.map { " (\($0): \(bootstrap.resamples) bootstrap resamples)" } ?? ""
            notes.append("Brackets: 95 % confidence intervals\(resampled).")
        }
        parts.append(notes.joined(separator: "\n"))
        return parts.joined(separator: "\n\n")
    }

    /// Thresholds fitted to background images.
    static func report(_ scores: BackgroundScores, thresholds: [Float], neutralMargin: Float) -> String {
        let counts = scores.matchCounts(thresholds: thresholds, neutralMargin: neutralMargin)
        let images = scores.isBackground.count
        let histograms = scores.categories.indices.map { category in
            histogram(scores.categories[category], scores.scores[category], labels: [], threshold: thresholds[category])
        }
        let rows = scores.categories.indices.map { category in
            [
                Text.printable(scores.categories[category]),
                Text.fixed(Double(thresholds[category]), digits: 4),
                "\(counts[category])",
            ]
        }
        let background = scores.isBackground.count { $0 }
        return
            (histograms + [
                Text.table(header: ["category", "threshold", "matches"], rows: rows),
                "Background images (more similar to the neutral descriptions than to any category): \(background) of \(images)",
            ]).joined(separator: "\n\n")
    }

    /// What the metrics are about.
    private static func origins(_ result: CalibrationResult, isPromised: Bool) -> [String] {
        let drawn = "estimates for the whole store by a model of its scores"
        let heldOut =
            isPromised
            ? "those of the labels that the thresholds were fitted to"
            : "those of these thresholds on other images (cross-validation)"
        let estimated = result.categories.filter(\.isEstimated)
        if estimated.isEmpty { return ["Precision, recall and F1 are \(heldOut)."] }
        if estimated.count == result.categories.count {
            return ["Drawn labels: precision, recall and F1 are \(drawn)."]
        }
        let names = estimated.map { "'\(Text.printable($0.name))'" }.joined(separator: ", ")
        return [
            "Precision, recall and F1 are \(heldOut). Those of \(names), whose labels were drawn, are \(drawn)."
        ]
    }

    /// Categories whose labels were drawn, and whose rules learned from them.
    private static func withoutInterval(
        _ result: CalibrationResult,
        _ images: LabelledEmbeddings,
        hasIntervals: Bool
    ) -> [String] {
        let names = result.categories.filter { category in
            let isDrawn = images.categories.firstIndex(of: category.name).map(images.isDrawn) == true
            return hasIntervals && isDrawn && !category.isEstimated && category.f1?.interval == nil
        }.map { "'\(Text.printable($0.name))'" }
        guard !names.isEmpty else { return [] }
        return [
            "No intervals for \(names.joined(separator: ", ")): the labels were drawn, and resampling them gives intervals that "
                + "are too narrow. Let the rules learn from other labels (--exemplars)."
        ]
    }

    private static func tie(_ category: CalibrationResult.Category) -> String? {
        category.tie.map { tie in
            "No threshold separates \(tie.positives + tie.negatives) images with the same score for "
                + "'\(Text.printable(category.name))', \(tie.score): \(tie.positives) belong to it and \(tie.negatives) do "
                + "not. If scores are saturated, choose a smaller logit_scale, or the rule contrast."
        }
    }

    /// One line for each category with too few labels, and one for all those without any.
    private static func kept(_ skipped: [CalibrationResult.Skipped]) -> [String] {
        let unlabelled = skipped.filter(\.isUnlabelled).map { "'\(Text.printable($0.name))'" }
        let scarce = skipped.filter { !$0.isUnlabelled }.map { skipped in
            "Kept the threshold of '\(Text.printable(skipped.name))': \(skipped.reason)."
                + (skipped.advice.map { " \($0)" } ?? "")
        }
        guard !unlabelled.isEmpty else { return scarce }
        return scarce + ["Kept the thresholds of categories without labels: \(unlabelled.joined(separator: ", "))."]
    }

    private static func table(_ result: CalibrationResult) -> String {
        let rows = result.categories.map { category in
            [
                Text.printable(category.name),
                "\(category.positives)",
                "\(category.negatives)",
                text(Double(category.threshold), category.thresholdInterval),
            ]
                + [category.precision, category.recall, category.f1].map { estimate in
                    estimate.map { text($0.value, $0.interval, digits: 2) } ?? "-"
                }
        }
        let header = ["category", "positive", "negative", "threshold", "precision", "recall", "F1"]
        return Text.table(header: header, rows: rows)
    }

    private static func histogram(_ name: String, _ scores: [Float], labels: [Bool?], threshold: Float) -> String {
        "\(Text.printable(name))\n\(ScoreHistogram(scores: scores, labels: labels).text(threshold: threshold))"
    }

    /// For example `0.0712 [0.0633, 0.0801]`.
    private static func text(_ value: Double, _ interval: ClosedRange<Double>?, digits: Int = 4) -> String {
        let interval = interval.map {
            " [\(Text.fixed($0.lowerBound, digits: digits)), \(Text.fixed($0.upperBound, digits: digits))]"
        }
        return Text.fixed(value, digits: digits) + (interval ?? "")
    }
}
