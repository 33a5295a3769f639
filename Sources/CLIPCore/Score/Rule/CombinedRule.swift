/// Applies different rules to different categories of a file.
struct CombinedRule: CategoryFileRule {
    /// A rule and the indices of its categories.
    struct Part: Sendable {
        let rule: any ScoringRule
        let categories: [Int]
    }

    private let parts: [Part]

    /// Combines rules that together cover each category exactly once.
    init(_ parts: [Part]) {
        self.parts = parts
    }

    var identifier: String { "combined (\(parts.map(\.rule.identifier).joined(separator: "; ")))" }

    var usesPromptVectors: Bool { parts.contains { $0.rule.usesPromptVectors } }

    func score(_ similarities: Similarities) -> [Evidence] {
        let count = similarities.layout.categories.count
        var result = [Evidence](
            repeating: Evidence(score: .nan, positive: .nan),
            count: similarities.imageCount * count
        )
        for part in parts {
            let evidence = part.rule.score(similarities.selecting(part.categories))
            for image in 0..<similarities.imageCount {
                for (position, category) in part.categories.enumerated() {
                    result[image * count + category] = evidence[image * part.categories.count + position]
                }
            }
        }
        return result
    }
}
