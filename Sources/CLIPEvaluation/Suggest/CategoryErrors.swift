internal import CLIPCore

/// The labelled images that a category file decides wrongly about one category.
struct CategoryErrors {
    /// The false positives, as rows of the labelled images.
    private(set) var falsePositiveRows = [Int]()
    private let falsePositives: DescriptionSuggestions.Errors
    private let missed: DescriptionSuggestions.Errors
    private let labelCount: Int

    /// Compares decisions with labels.
    ///
    /// - Parameters:
    ///   - labels: One label per image; `nil` if unknown.
    ///   - matches: Whether each image matches; empty if there are no decisions.
    ///   - ids: The images' ids.
    ///   - nearest: The positions of each image's nearest phrases, nearest first.
    ///   - phrases: The phrases.
    ///   - shown: The number of phrases to name.
    init(_ labels: [Bool?], matches: [Bool], ids: [String], nearest: [[Int]], phrases: [String], shown: Int) {
        func errors(_ rows: [Int]) -> DescriptionSuggestions.Errors {
            let first = rows.compactMap { nearest[$0].first }
            return .init(
                ids: rows.map { ids[$0] },
                phrases: PhraseCount.mostFrequent(first, of: phrases, limit: shown)
            )
        }
        falsePositiveRows = matches.indices.filter { labels[$0] == false && matches[$0] }
        falsePositives = errors(falsePositiveRows)
        missed = errors(matches.indices.filter { labels[$0] == true && !matches[$0] })
        labelCount = labels.count { $0 != nil }
    }

    /// The suggestion for the category.
    func suggestion(
        category: String,
        attempt: DescriptionSuggestions.Attempt?,
        skippedReason: String?
    ) -> DescriptionSuggestions.Suggestion {
        .init(
            category: category,
            falsePositives: falsePositives,
            missed: missed,
            labelCount: labelCount,
            attempt: attempt,
            skippedReason: skippedReason
        )
    }
}

extension DescriptionSuggestions.Suggestion {
    /// The suggestion for the neutral descriptions.
    init(neutralIn labelCount: Int, attempt: DescriptionSuggestions.Attempt?, skippedReason: String?) {
        let none = DescriptionSuggestions.Errors(ids: [], phrases: [])
        self.init(
            category: nil,
            falsePositives: none,
            missed: none,
            labelCount: labelCount,
            attempt: attempt,
            skippedReason: skippedReason
        )
    }
}

extension Decisions {
    /// Whether each image matches a category; empty if there is no such category.
    func matches(category name: String) -> [Bool] {
        guard let category = categories.firstIndex(of: name) else { return [] }
        return (0..<count).map { outcome(image: $0, category: category) == .match }
    }
}
