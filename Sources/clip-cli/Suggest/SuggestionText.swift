internal import CLIPCore
internal import CLIPEvaluation

/// Suggestions and clusters, as text.
enum SuggestionText {
    /// One paragraph per category, and one for the neutral descriptions.
    static func report(_ found: DescriptionSuggestions) -> String {
        let blocks = found.suggestions.map { suggestion in
            ([title(suggestion)] + errors(suggestion) + advice(suggestion)).joined(separator: "\n  ")
        }
        let end = found.isEmpty ? ["No change has a clear gain on held-out images, so none is suggested."] : []
        return (blocks + end).joined(separator: "\n\n")
    }

    private static func title(_ suggestion: DescriptionSuggestions.Suggestion) -> String {
        guard let category = suggestion.category else { return "Neutral descriptions" }
        let counts = [
            Text.count(suggestion.labelCount, "labelled image"),
            Text.count(suggestion.falsePositives.ids.count, "false positive"), "\(suggestion.missed.ids.count) missed",
        ]
        return "\(Text.printable(category)): \(counts.joined(separator: ", "))"
    }

    private static func errors(_ suggestion: DescriptionSuggestions.Suggestion) -> [String] {
        let errors = [("False positives", suggestion.falsePositives), ("Missed images", suggestion.missed)]
        return errors.compactMap { name, errors in
            errors.ids.isEmpty ? nil : "\(name) are nearest to \(list(errors.phrases))."
        }
    }

    private static func advice(_ suggestion: DescriptionSuggestions.Suggestion) -> [String] {
        if let reason = suggestion.skippedReason { return ["Skipped: \(reason)."] }
        guard let attempt = suggestion.attempt else {
            return ["No change increases F1, even on the images that it is chosen for."]
        }
        let what = actions(attempt.changes)
        guard attempt.isClear else {
            return ["No clear gain. Best attempt: \(what): F1 \(points(attempt.gain)) percentage points."]
        }
        var lines = ["Suggestion: \(what)."]
        if attempt.explainedCount > 0 {
            lines.append(
                "\(attempt.explainedCount) of \(Text.count(suggestion.falsePositives.ids.count, "false positive")) "
                    + "\(attempt.explainedCount == 1 ? "is" : "are") more similar to an added negative than to the positive "
                    + "descriptions."
            )
        }
        lines.append(
            "On held-out images: precision \(change(attempt, \.precision)), recall \(change(attempt, \.recall)), "
                + "F1 \(change(attempt, \.f1)) (\(points(attempt.gain)) percentage points)."
        )
        let support = zip(attempt.changes, attempt.support).map { change, support in
            "\(quoted(change.text)) \(Text.fixed(100 * support, digits: 0)) %"
        }
        lines.append("Chosen without each fold too: \(support.joined(separator: ", ")).")
        return lines
    }

    /// For example: add the negatives "fox" and "lynx"; remove the positive "a wild cat".
    private static func actions(_ changes: [DescriptionChange]) -> String {
        var groups = [(name: String, texts: [String])]()
        for change in changes {
            let name = "\(change.action.rawValue) the \(change.role.rawValue)"
            if let index = groups.firstIndex(where: { $0.name == name }) {
                groups[index].texts.append(quoted(change.text))
            } else {
                groups.append((name, [quoted(change.text)]))
            }
        }
        return groups.map { group in
            let plural = group.texts.count == 1 ? "" : group.name.hasSuffix("neutral") ? " descriptions" : "s"
            return "\(group.name)\(plural) \(group.texts.joined(separator: ", "))"
        }.joined(separator: "; ")
    }

    private static func change(
        _ attempt: DescriptionSuggestions.Attempt,
        _ metric: (HeldOutMetrics) -> Double
    ) -> String {
        "\(Text.fixed(metric(attempt.before), digits: 2)) → \(Text.fixed(metric(attempt.after), digits: 2))"
    }

    private static func points(_ difference: MetricEstimate) -> String {
        let value = Text.fixed(100 * difference.value, digits: 1)
        let margin = difference.interval.map { ($0.upperBound - $0.lowerBound) / 2 } ?? 0
        return "\(value.hasPrefix("-") ? "" : "+")\(value) ± \(Text.fixed(100 * margin, digits: 1))"
    }

    private static func list(_ phrases: [PhraseCount]) -> String {
        phrases.map { "\(quoted($0.text)) (\($0.count))" }.joined(separator: ", ")
    }

    private static func quoted(_ text: String) -> String { "\"\(Text.printable(text))\"" }

    /// One row per cluster: its size, its phrases and examples.
    static func report(_ overview: CollectionOverview) -> String {
        let rows = overview.clusters.map { cluster in
            [
                "\(cluster.count)",
                cluster.phrases.map { "\(Text.printable($0.text)) (\($0.count))" }.joined(separator: ", "),
                cluster.examples.prefix(3).map(Text.printable).joined(separator: ", "),
            ]
        }
        let header = ["images", "phrases (images near to each)", "examples"]
        return Text.table(header: header, rows: rows, leftAligned: [1, 2])
            + "\n\n\(Text.count(overview.clusters.count, "cluster"))."
    }
}
