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
    ///   - category: The category's position.
    ///   - images: The labelled images.
    ///   - decisions: The decisions about them.
    ///   - nearest: The positions of each image's nearest phrases, nearest first.
    ///   - phrases: The phrases.
    ///   - shown: The number of phrases to name.
    init(
        _ category: Int,
        _ images: LabelledEmbeddings,
        _ decisions: Decisions,
        _ nearest: [[Int]],
        _ phrases: [String],
        shown: Int
    ) {
        let labels = images.truth(category: category)
        let matches = (0..<images.count).map { decisions.outcome(image: $0, category: category) == .match }
        func errors(_ rows: [Int]) -> DescriptionSuggestions.Errors {
            let first = rows.compactMap { nearest[$0].first }
            return .init(
                ids: rows.map { images.ids[$0] },
                phrases: PhraseCount.mostFrequent(first, of: phrases, limit: shown)
            )
        }
        falsePositiveRows = labels.indices.filter { labels[$0] == false && matches[$0] }
        falsePositives = errors(falsePositiveRows)
        missed = errors(labels.indices.filter { labels[$0] == true && !matches[$0] })
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
