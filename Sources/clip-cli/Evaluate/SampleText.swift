internal import CLIPCore
internal import CLIPEvaluation

/// What a sample tells so far, as text.
enum SampleText {
    static func summary(_ sample: LabelSample, measure: SampledMeasure, imageCount: Int) -> String {
        var lines = [String]()
        if sample.estimates.contains(where: { $0 != nil }) {
            lines.append(table(sample))
            lines.append("Over all \(Text.count(imageCount, "image")); brackets: 95 % confidence intervals.")
            lines += sample.categories.compactMap { outlook($0, measure: measure) }
            lines.append("")
        }
        let drawn = sample.rows.filter { $0.round == sample.round }
        let images = Text.count(Set(drawn.map { ImageIDKey($0.id) }).count, "image")
        lines.append("Round \(sample.round): \(Text.count(drawn.count, "label")) needed, on \(images).")
        let older = sample.openCount - drawn.count
        if older > 0 {
            lines.append("\(Text.count(older, "row")) of earlier rounds \(older == 1 ? "has" : "have") no label yet.")
        }
        let complete = sample.categories.indices.filter { category in !drawn.contains { $0.category == category } }
        if !complete.isEmpty {
            let names = complete.map { "'\(Text.printable(sample.categories[$0].name))'" }.joined(separator: ", ")
            lines.append("All images have already been drawn for \(names).")
        }
        return lines.joined(separator: "\n")
    }

    private static func table(_ sample: LabelSample) -> String {
        let rows = sample.categories.map { category in
            [Text.printable(category.name), category.estimate.map { "\($0.labelCount)" } ?? "0"]
                + SampledMeasure.allCases.map { measure in
                    category.estimate.map { text($0[measure], digits: measure == .prevalence ? 4 : 2) } ?? "-"
                }
        }
        return Text.table(header: ["category", "labels", "precision", "recall", "F1", "prevalence"], rows: rows)
    }

    private static func text(_ estimate: MetricEstimate, digits: Int) -> String {
        let interval = estimate.interval.map {
            " [\(Text.fixed($0.lowerBound, digits: digits)), \(Text.fixed($0.upperBound, digits: digits))]"
        }
        return Text.fixed(estimate.value, digits: digits) + (interval ?? "")
    }

    private static func outlook(_ category: LabelSample.Category, measure: SampledMeasure) -> String? {
        guard let outlook = category.outlook, let interval = category.estimate?[measure].interval else { return nil }
        let now = Text.fixed((interval.upperBound - interval.lowerBound) / 2, digits: measure == .prevalence ? 4 : 3)
        let then = Text.fixed(outlook.halfWidth, digits: measure == .prevalence ? 4 : 3)
        let name = measure == .f1 ? "F1" : measure.rawValue
        return "'\(Text.printable(category.name))': \(name) ± \(now) so far; "
            + "about ± \(then) with \(Text.count(outlook.labels, "more label"))."
    }
}
