/// Counts the images of clusters and the phrases near to them, and keeps the images nearest to the centres.
struct ClusterTally {
    private struct Entry {
        var count = 0
        var examples = [(id: String, cosine: Float)]()
        /// For each phrase, the number of images that it is near to, and the sum of its nearness to them.
        var phrases = [Int: (count: Int, weight: Double)]()
    }

    private var entries: [Entry]
    /// The sum of each phrase's nearness to the images of the whole collection.
    private var weights = [Int: Double]()
    private let exampleLimit: Int

    /// The number of images.
    private(set) var count = 0

    init(clusters: Int, examples: Int) {
        entries = [Entry](repeating: Entry(), count: clusters)
        exampleLimit = examples
    }

    /// Adds an image with its nearest phrases, nearest first.
    mutating func add(_ id: String, to cluster: Int, cosine: Float, phrases: [NearestPhrases.Hit]) {
        count += 1
        entries[cluster].count += 1
        for hit in phrases where hit.nearness > 0 {
            let weight = Double(hit.nearness)
            entries[cluster].phrases[hit.phrase, default: (0, 0)].count += 1
            entries[cluster].phrases[hit.phrase, default: (0, 0)].weight += weight
            weights[hit.phrase, default: 0] += weight
        }
        guard entries[cluster].examples.count < exampleLimit || cosine > entries[cluster].examples.last?.cosine ?? 0
        else { return }
        let place = entries[cluster].examples.firstIndex { $0.cosine < cosine } ?? entries[cluster].examples.count
        entries[cluster].examples.insert((id, cosine), at: place)
        if entries[cluster].examples.count > exampleLimit { entries[cluster].examples.removeLast() }
    }

    /// The clusters that have images, the largest first.
    var order: [Int] {
        entries.indices.filter { entries[$0].count > 0 }.sorted {
            (entries[$0].count, $1) > (entries[$1].count, $0)
        }
    }

    /// A cluster with its best phrases: those of the largest mean nearness to its images, less that to the others.
    func cluster(_ index: Int, of phrases: [String], phrases limit: Int) -> CollectionOverview.Cluster {
        let entry = entries[index]
        let others = Double(count - entry.count)
        let scored = entry.phrases.map { phrase, value in
            let elsewhere = (weights[phrase] ?? 0) - value.weight
            let expected = others > 0 ? elsewhere / others : 0
            return (phrase: phrase, count: value.count, score: value.weight / Double(entry.count) - expected)
        }
        let best = scored.filter { $0.score > 0 }.sorted { ($0.score, $1.phrase) > ($1.score, $0.phrase) }
        return .init(
            count: entry.count,
            phrases: best.prefix(limit).map { PhraseCount(text: phrases[$0.phrase], count: $0.count) },
            examples: entry.examples.map(\.id)
        )
    }
}
