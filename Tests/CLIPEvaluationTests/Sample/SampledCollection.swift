import CLIPCore
import CLIPEvaluation

/// A collection with known truth: normal scores, higher by 3 among positive images, and a threshold at 2.
struct SampledCollection {
    private(set) var scores: CollectionScores
    private(set) var truth: [String: Bool] = [:]

    /// Makes images, of which a fraction `prevalence` is positive for every category; with the same scores if `isSame`.
    init(count: Int, prevalence: Double, categories: [String] = ["dog"], isSame: Bool = false, seed: UInt64 = 1) {
        var generator = SeededGenerator(seed: seed)
        scores = CollectionScores(categories: categories)
        for image in 0..<count {
            let isPositive = generator.unit() < prevalence
            var values = categories.map { _ in Float(generator.normals().0 + (isPositive ? 3 : 0)) }
            if isSame { values = values.map { _ in values[0] } }
            scores.append(id: "\(image).jpg", scores: values, isMatch: values.map { $0 >= 2 })
            truth["\(image).jpg"] = isPositive
        }
    }

    /// The labels file of a sample, completely labelled.
    func labelled(_ sample: LabelSample) throws -> ImageLabels {
        try ImageLabels(
            sample.rows.map { row in
                ImageLabels.Judgement(
                    id: row.id,
                    category: sample.categories[row.category].name,
                    answer: truth[row.id] == true ? .member : .nonMember,
                    probability: row.probability,
                    round: row.round
                )
            }
        )
    }

    /// The images of a sample, completely labelled.
    func images(_ sample: LabelSample) -> LabelledEmbeddings {
        let ids = sample.imageIDs
        let names = sample.categories.map(\.name)
        let drawn = Dictionary(uniqueKeysWithValues: sample.rows.map { ([$0.id, names[$0.category]], $0.probability) })
        let probabilities = ids.flatMap { id in names.map { drawn[[id, $0]] } }
        return LabelledEmbeddings(
            ids: ids,
            embeddings: EmbeddingMatrix(dimension: 1, values: [Float](repeating: 1, count: ids.count)),
            categories: names,
            truth: ids.flatMap { id in names.map { drawn[[id, $0]] == nil ? nil : truth[id] } },
            probabilities: probabilities
        )
    }

    /// What is decided for images.
    func decisions(_ images: LabelledEmbeddings) -> Decisions {
        let rows = Dictionary(uniqueKeysWithValues: scores.ids.enumerated().map { ($1, $0) })
        let matches = scores.categories.indices.map { category in
            let ranking = scores.ranking(category: category)
            return Set(ranking.rows[..<ranking.bins.matchCount])
        }
        let isMatch = images.ids.flatMap { id in matches.map { $0.contains(rows[id] ?? -1) } }
        return Decisions(
            categories: images.categories,
            evidence: isMatch.map { Evidence(score: $0 ? 1 : 0, positive: 0) },
            outcomes: isMatch.map { $0 ? .match : .belowThreshold }
        )
    }

    /// The value of a measure over the whole collection.
    func value(_ measure: SampledMeasure, category: Int = 0) -> Double {
        let ranking = scores.ranking(category: category)
        let positive = ranking.rows.map { truth[scores.ids[$0]] == true }
        let matches = ranking.bins.edges[ranking.bins.matchingBins]
        let (hits, all) = (Double(positive[..<matches].count { $0 }), Double(positive.count { $0 }))
        return switch measure {
        case .precision: hits / Double(matches)
        case .recall: hits / all
        case .f1: 2 * hits / (Double(matches) + all)
        case .prevalence: all / Double(positive.count)
        }
    }
}
