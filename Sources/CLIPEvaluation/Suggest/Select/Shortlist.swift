internal import CLIPCore

/// Finds the phrases that are worth trying: those that stand out among the nearest phrases of wrongly decided images.
struct Shortlist: Sendable {
    /// The phrases of the vocabulary.
    let phrases: [String]
    /// For each image, the positions of its nearest phrases, nearest first; they do not depend on labels.
    let nearest: [[Int]]

    /// The number of images to take where fewer are decided wrongly: those that come closest.
    private static let leastRows = 10
    private static let phrasesPerRole = 24

    /// Returns the changes to try for the images of some weights.
    ///
    /// - Parameters:
    ///   - scorer: The file, and what is measured.
    ///   - ranked: The scores of each target without changes.
    ///   - weights: The weights of each target; images of weight 0 are not seen.
    ///   - isNeutral: Whether to change the neutral descriptions, or a category's.
    /// - Returns: Descriptions to add and to remove.
    func changes(
        _ scorer: TrialScorer,
        _ ranked: [RankedScores],
        weights: [[Double]],
        isNeutral: Bool
    ) -> [DescriptionChange] {
        let margin = scorer.file.neutralMargin
        var (confused, missed, members, others) = ([Int](), [Int](), [Int](), [Int]())
        for (target, (ranked, weights)) in zip(scorer.targets, zip(ranked, weights))
        where isNeutral || target.category == scorer.changed {
            let threshold = ranked.fit(.f1, margin: margin, weights: weights).threshold ?? .infinity
            let items = ranked.items.filter { weights[$0.row] > 0 }
            let (positives, negatives) = (items.filter(\.isPositive), items.filter { !$0.isPositive })
            func matches(_ item: RankedScores.Item) -> Bool { item.score >= threshold && item.gap >= margin }
            let matched = negatives.filter(matches)
            let lost = positives.filter { !matches($0) }
            confused += (matched.count < Self.leastRows ? Array(negatives.prefix(Self.leastRows)) : matched).map(\.row)
            missed += (lost.count < Self.leastRows ? Array(positives.suffix(Self.leastRows)) : lost).map(\.row)
            members += positives.map(\.row)
            others += negatives.map(\.row)
        }
        let file = scorer.file
        guard !isNeutral else {
            return additions(.neutral, near: confused, rather: members, besides: file.neutral)
                + (file.neutral.count > 1 ? removals(.neutral, file.neutral) : [])
        }
        let category = file.categories[scorer.changed]
        let present = category.positive + category.negative
        return additions(.negative, near: confused, rather: members, besides: present)
            + additions(.positive, near: missed, rather: others, besides: present)
            + removals(.negative, category.negative)
            + (category.positive.count > 1 ? removals(.positive, category.positive) : [])
    }

    private func removals(_ role: DescriptionChange.Role, _ texts: [String]) -> [DescriptionChange] {
        texts.map { DescriptionChange(action: .remove, role: role, text: $0) }
    }

    /// The phrases that are nearer to some images than to others, those of most images first.
    private func additions(
        _ role: DescriptionChange.Role,
        near rows: [Int],
        rather others: [Int],
        besides present: [String]
    ) -> [DescriptionChange] {
        var votes = [Int: Double]()
        for (rows, sign) in [(rows, 1.0), (others, -1.0)] where !rows.isEmpty {
            for row in rows {
                for (rank, phrase) in nearest[row].enumerated() {
                    votes[phrase, default: 0] += sign / (Double(rows.count) * Double(rank + 1).squareRoot())
                }
            }
        }
        let known = Set(present.map { $0.lowercased() })
        let best = votes.filter { $0.value > 0 && !known.contains(phrases[$0.key].lowercased()) }
            .sorted { ($0.value, $1.key) > ($1.value, $0.key) }
        return best.prefix(Self.phrasesPerRole).map {
            DescriptionChange(action: .add, role: role, text: phrases[$0.key])
        }
    }
}
