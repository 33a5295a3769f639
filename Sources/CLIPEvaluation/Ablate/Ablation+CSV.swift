internal import CLIPCore

extension Ablation {
    /// Writes effects as CSV, one line per category and component.
    ///
    /// The columns are `category`, `part` (see ``AblationPart/Kind``) and `text`. For each of `f1` and
    /// `average_precision` follow the metric with all components (`_with`), the difference that the component makes
    /// (`_effect`, a fraction of 1), its 95 % confidence interval (`_low`, `_high`) and the conclusion (`_verdict`).
    /// Skipped categories have no lines.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    package static func writeCSV(_ categories: [AblatedCategory], to path: String) throws {
        let columns = ["f1", "average_precision"].flatMap { metric in
            ["with", "effect", "low", "high", "verdict"].map { "\(metric)_\($0)" }
        }
        let file = try CSVFile(path: path, header: ["category", "part", "text"] + columns)
        for category in categories {
            guard let complete = category.complete else { continue }
            for effect in category.effects {
                try file.write(
                    [category.name, effect.part.kind.rawValue, effect.part.text ?? ""]
                        + fields(complete.f1, effect.f1)
                        + fields(complete.averagePrecision, effect.averagePrecision)
                )
            }
        }
        try file.close()
    }

    private static func fields(_ complete: Double, _ difference: MetricEstimate) -> [String] {
        let numbers = [complete, difference.value, difference.interval?.lowerBound, difference.interval?.upperBound]
        return numbers.map { $0.map { "\($0)" } ?? "" } + [difference.verdict.rawValue]
    }
}
