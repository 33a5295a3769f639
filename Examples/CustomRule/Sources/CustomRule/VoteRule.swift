import CLIPCore

/// The share of a category's positive descriptions that an image is nearer to than to any negative one.
///
/// `score = |{i : image·positiveᵢ ≥ maxⱼ image·negativeⱼ + margin}| / |positive|`, 0…1; the maximum counts as 0 for a
/// category without negatives. The neutral test is that of `ContrastRule`.
struct VoteRule: PromptScoringRule {
    /// How much nearer a description must be to count, as a difference of cosines.
    let margin: Float

    init(margin: Float) throws {
        guard margin.isFinite, margin >= 0 else {
            throw CLIPError(.invalidCategoryFile, "The margin of a vote must be 0 or more, not \(margin).")
        }
        self.margin = margin
    }

    var identifier: String { "vote (margin \(margin))" }

    func score(_ similarities: PromptSimilarities) -> [Evidence] {
        similarities.evidence { row, category in
            let negative = category.negative.map { row.best(of: $0) }
            let descriptions = category.positive.promptColumns
            let votes = descriptions.count { row[$0] >= (negative ?? 0) + margin }
            return Evidence(
                score: Float(votes) / Float(descriptions.count),
                positive: row[category.positive],
                negative: negative,
                neutral: category.neutral.map { row[$0] }
            )
        }
    }
}
