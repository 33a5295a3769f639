internal import CLIPCore

/// Scores each image with rules that did not learn from it.
struct OutOfFoldScoring {
    typealias Score = (_ training: [Int], _ rows: [Int]) async throws -> [Evidence]

    let folds: StratifiedFolds
    let categories: [String]
    let ids: [String]

    /// The evidence for each image and category, image by image, learned from the other folds.
    func evidence(_ score: Score) async throws -> [Evidence] {
        try await filled(parts: Array(0..<folds.count), without: nil, known: nil, score)
    }

    /// The same, learned without images of `part`; the images of `part` keep their scores in `known`.
    func evidence(without part: Int, known: [Evidence], _ score: Score) async throws -> [Evidence] {
        try await filled(parts: (0..<folds.count).filter { $0 != part }, without: part, known: known, score)
    }

    private func filled(
        parts: [Int],
        without excluded: Int?,
        known: [Evidence]?,
        _ score: Score
    ) async throws -> [Evidence] {
        let empty = Evidence(score: 0, positive: 0)
        var evidence = known ?? [Evidence](repeating: empty, count: ids.count * categories.count)
        for part in parts {
            let rows = ids.indices.filter { folds.assignment[$0] == part }
            let training = ids.indices.filter { folds.assignment[$0] != part && folds.assignment[$0] != excluded }
            let scored = try await score(training, rows)
            precondition(scored.count == rows.count * categories.count, "there is one item for each image and category")
            for (index, item) in scored.enumerated() {
                let row = rows[index / categories.count]
                let category = index % categories.count
                guard item.isFinite else {
                    throw CLIPError.notFinite(id: ids[row], category: categories[category])
                }
                evidence[row * categories.count + category] = item
            }
        }
        return evidence
    }
}
