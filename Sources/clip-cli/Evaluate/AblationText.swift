internal import CLIPCore
internal import CLIPEvaluation

/// Effects of a category file's components, as text.
enum AblationText {
    /// Summaries of negatives and neutral sets, then one line per component.
    static func report(_ categories: [AblatedCategory]) -> String {
        var blocks = [String]()
        let sentences = [(.negatives, "Negatives"), (.neutral, "Neutral descriptions")].compactMap { kind, name in
            sentence(categories, kind, name)
        }
        if !sentences.isEmpty { blocks.append(sentences.joined(separator: "\n")) }
        let rows = categories.flatMap(rows)
        if !rows.isEmpty {
            let header = ["effect in percentage points", "F1", "", "AP", ""]
            blocks.append(Text.table(header: header, rows: rows))
        }
        let skipped = categories.compactMap { category in
            category.skippedReason.map { "Skipped: '\(Text.printable(category.name))': \($0)." }
        }
        if !skipped.isEmpty { blocks.append(skipped.joined(separator: "\n")) }
        return blocks.joined(separator: "\n\n")
    }

    /// For example: Negatives, F1 in percentage points: help dog by +3.1 ± 1.2; no clear effect on cat.
    private static func sentence(_ categories: [AblatedCategory], _ kind: AblationPart.Kind, _ name: String) -> String?
    {
        let effects = categories.compactMap { category in
            category.effects.first { $0.part.kind == kind }.map { (Text.printable(category.name), $0.f1) }
        }
        func clear(_ verb: String, _ verdict: MetricEstimate.Verdict) -> String? {
            let list = effects.filter { $0.1.verdict == verdict }.map { "\($0.0) by \(points($0.1))" }
            return list.isEmpty ? nil : "\(verb) \(list.joined(separator: ", "))"
        }
        let unclear = effects.filter { $0.1.verdict == .unclear }.map(\.0)
        let parts = [
            clear("help", .helps), clear("hurt", .hurts),
            unclear.isEmpty ? nil : "no clear effect on \(unclear.joined(separator: ", "))",
        ]
        guard !effects.isEmpty else { return nil }
        return "\(name), F1 in percentage points: \(parts.compactMap(\.self).joined(separator: "; "))."
    }

    private static func rows(_ category: AblatedCategory) -> [[String]] {
        guard let complete = category.complete else { return [] }
        let metrics = [complete.f1, complete.averagePrecision].map { "\(Text.fixed(100 * $0, digits: 1))" }
        let first = [Text.printable(category.name), metrics[0], "", metrics[1], ""]
        return [first]
            + category.effects.map { effect in
                ["  " + name(effect.part)]
                    + [effect.f1, effect.averagePrecision].flatMap { [points($0), $0.verdict.rawValue] }
            }
    }

    private static func name(_ part: AblationPart) -> String {
        switch part.kind {
        case .negatives: "all negatives"
        case .neutral: "all neutral descriptions"
        case .neutralDescription: "neutral \(quoted(part))"
        case .positive, .negative, .template: "\(part.kind.rawValue) \(quoted(part))"
        }
    }

    private static func quoted(_ part: AblationPart) -> String { "\"\(Text.printable(part.text ?? ""))\"" }

    private static func points(_ difference: MetricEstimate) -> String {
        let value = Text.fixed(100 * difference.value, digits: 1)
        let margin = difference.interval.map { ($0.upperBound - $0.lowerBound) / 2 } ?? 0
        return "\(value.hasPrefix("-") ? "" : "+")\(value) ± \(Text.fixed(100 * margin, digits: 1))"
    }
}
