import CLIPCore

/// The share of a category's positive prompts that are nearer to an image than every negative one is.
///
/// `score = |{i : image·positiveᵢ ≥ maxⱼ image·negativeⱼ + margin}| / |positive|`, 0…1; the maximum counts as 0 for a
/// category without negatives. The neutral test is that of `contrast`.
struct VoteRule: PromptScoringRule {
    /// How much nearer a prompt must be to count, as a difference of cosines.
    var margin: Float = 0.05

    var identifier: String { "vote (margin \(margin))" }

    func score(_ similarities: PromptSimilarities) -> [Evidence] {
        similarities.evidence { image, category in
            let prompts = category.positive.promptColumns
            let negative = category.negative.map { image.best(of: $0) } ?? 0
            let votes = prompts.count { image[$0] >= negative + margin }
            return image.evidence(for: category, score: Float(votes) / Float(prompts.count))
        }
    }
}
