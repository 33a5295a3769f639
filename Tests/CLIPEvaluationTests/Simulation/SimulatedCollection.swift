import CLIPCore
import CLIPEvaluation

/// A collection whose truth is known.
struct SimulatedCollection {
    /// What the sampler sees.
    private(set) var scores = CollectionScores(categories: ["c0"])
    /// The score of each image.
    let values: [Float]
    /// Whether each image is positive.
    let isPositive: [Bool]

    private let matches: Int
    private let hits: Int
    private let positives: Int

    /// Creates a collection whose images are called 0, 1, ….
    init(_ images: [(score: Float, isMatch: Bool, isPositive: Bool)]) {
        values = images.map(\.score)
        isPositive = images.map(\.isPositive)
        matches = images.count { $0.isMatch }
        hits = images.count { $0.isMatch && $0.isPositive }
        positives = images.count { $0.isPositive }
        for (row, image) in images.enumerated() {
            scores.append(id: "\(row)", scores: [image.score], isMatch: [image.isMatch])
        }
    }

    /// Creates a collection in which images match from a threshold on.
    init(_ images: [(score: Float, isPositive: Bool)], threshold: Float) {
        self.init(images.map { ($0.score, $0.score >= threshold, $0.isPositive) })
    }

    /// The same scores, if all images pass the neutral test and match.
    var passing: CollectionScores {
        values.enumerated().reduce(into: CollectionScores(categories: ["c0"])) { scores, image in
            scores.append(id: "\(image.offset)", scores: [image.element], isMatch: [true])
        }
    }

    /// The same images, decided by another threshold.
    func deciding(threshold: Float) -> SimulatedCollection {
        SimulatedCollection(Array(zip(values, isPositive)), threshold: threshold)
    }

    /// The same images before and after a change of descriptions, which separates positive images by 3.5 rather than 2.5
    /// standard deviations and keeps a part of the scores' noise.
    static func beforeAndAfter(
        _ prevalence: Double,
        kept: Double,
        thresholds: [Float],
        _ generator: inout SeededGenerator
    ) -> (before: SimulatedCollection, after: SimulatedCollection) {
        var (before, after) = ([(score: Float, isPositive: Bool)](), [(score: Float, isPositive: Bool)]())
        for _ in 0..<20_000 {
            let isPositive = generator.unit() < prevalence
            let (old, new) = generator.normals()
            let noise = kept * old + (1 - kept * kept).squareRoot() * new
            before.append((Float(old + (isPositive ? 2.5 : 0)), isPositive))
            after.append((Float(noise + (isPositive ? 3.5 : 0)), isPositive))
        }
        return (
            SimulatedCollection(before, threshold: thresholds[0]),
            SimulatedCollection(after, threshold: thresholds[1])
        )
    }

    /// The value of a measure over all images, and its slopes.
    func truth(_ measure: SampledMeasure) -> (value: Double, slopes: (matching: Double, other: Double)) {
        let (hits, positives) = (Double(hits), Double(positives))
        let (matches, count) = (Double(matches), Double(values.count))
        return (
            measure.value(truePositives: hits, positives: positives, matches: matches, count: count),
            measure.slopes(truePositives: hits, positives: positives, matches: matches, count: count)
        )
    }

    /// Precision, recall and F1 over all images if another threshold decided.
    func figures(threshold: Float) -> [Double] {
        var (matches, hits) = (0, 0)
        for (score, isPositive) in zip(values, isPositive) where score >= threshold {
            matches += 1
            if isPositive { hits += 1 }
        }
        return [
            Double(hits) / Double(max(matches, 1)), Double(hits) / Double(max(positives, 1)),
            2 * Double(hits) / Double(max(matches + positives, 1)),
        ]
    }

    /// Average precision over all images.
    var averagePrecision: Double {
        var (hits, sum) = (0, 0.0)
        Self.forEachThreshold(Array(zip(values, isPositive))) { rank, found, _ in
            sum += Double(found - hits) * Double(found) / Double(rank)
            hits = found
        }
        return sum / Double(positives)
    }

    /// The threshold with the largest F1 in this collection.
    var bestThreshold: Float { Self.bestThreshold(Array(zip(values, isPositive))) }

    /// The threshold with the largest F1.
    static func bestThreshold(_ images: [(score: Float, isPositive: Bool)]) -> Float {
        let positives = images.count { $0.isPositive }
        var best = (f1: -1.0, score: Float(0))
        forEachThreshold(images) { rank, hits, score in
            let f1 = 2 * Double(hits) / Double(rank + positives)
            if f1 > best.f1 { best = (f1, score) }
        }
        return best.score
    }

    /// Calls `body` with the number of images from each score on and that of positive ones, from the highest score down.
    private static func forEachThreshold(
        _ images: [(score: Float, isPositive: Bool)],
        _ body: (_ rank: Int, _ hits: Int, _ score: Float) -> Void
    ) {
        let sorted = images.sorted { $0.score > $1.score }
        var hits = 0
        for (position, image) in sorted.enumerated() {
            if image.isPositive { hits += 1 }
            let isLast = position + 1 == sorted.count || sorted[position + 1].score < image.score
            if isLast { body(position + 1, hits, image.score) }
        }
    }
}
