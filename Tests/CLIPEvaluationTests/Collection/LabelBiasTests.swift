import CLIPCore
import CLIPEvaluation
import Testing

/// Labels of images that somebody picked, against the scores of all images.
@Suite struct LabelBiasTests {
    private static let threshold: Float = 0.06
    private static let process = ScoreProcess(priors: [0.15], separation: 2.5)

    /// 4000 images, and labels of those that a closure picks by score and a random number.
    private static func labels(
        seed: UInt64,
        probability: Double? = nil,
        _ isPicked: (_ score: Float, _ random: Double) -> Bool
    ) -> (collection: CollectionScores, images: LabelledEmbeddings, decisions: Decisions) {
        var generator = SeededGenerator(seed: seed)
        let all = process.images(4000, generator: &generator)
        var collection = CollectionScores(categories: ["c0"])
        var (scores, truth) = ([Float](), [Bool?]())
        for (image, evidence) in all.evidence.enumerated() {
            let isLabelled = isPicked(evidence.score, ScoreProcess.uniform(&generator))
            // The labelled images have the first ids, as their positions.
            collection.append(
                id: isLabelled ? "\(scores.count).jpg" : "other \(image)",
                scores: [evidence.score],
                isMatch: [evidence.score >= threshold]
            )
            guard isLabelled else { continue }
            scores.append(evidence.score)
            truth.append(all.truth[image])
        }
        let (images, decisions) = labelled(
            scores: [scores],
            truth: [truth],
            probabilities: probability.map { [[Double](repeating: $0, count: scores.count)] } ?? [],
            threshold: threshold
        )
        return (collection, images, decisions)
    }

    @Test func labelsAroundTheThresholdAreFoundAndWeighted() throws {
        let (collection, images, decisions) = Self.labels(seed: 1) { score, random in
            abs(score - Self.threshold) < 0.02 && random < 0.3
        }
        let bias = try #require(collection.biases(of: images).first)
        #expect(bias.category == "c0" && bias.nearShare > 0.5)
        let truth = Self.process.figures(threshold: Self.threshold)
        let plain = try #require(Evaluation(images, decisions: decisions).categories[0].metrics)
        let estimates = [
            (bias.reweighted.precision, plain.precision, truth[0]), (bias.reweighted.recall, plain.recall, truth[1]),
            (bias.reweighted.f1, plain.f1, truth[2]),
        ]
        let weightedError = estimates.reduce(0) { $0 + abs($1.0.value - $1.2) }
        let plainError = estimates.reduce(0) { $0 + abs($1.1.value - $1.2) }
        #expect(weightedError < plainError, "\(estimates)")
        #expect(estimates.contains { abs($0.1.value - $0.2) > 0.1 })
    }

    @Test func aRandomSampleIsNotBiased() {
        for seed in 0..<10 as Range<UInt64> {
            let (collection, images, _) = Self.labels(seed: seed) { _, random in random < 0.05 }
            #expect(collection.biases(of: images).isEmpty)
        }
    }

    @Test func labelsOfAllImagesAreNotBiased() {
        let (collection, images, _) = Self.labels(seed: 1) { _, _ in true }
        #expect(collection.biases(of: images).isEmpty)
    }

    @Test func labelsWithProbabilitiesNeedNoWarning() {
        let (collection, images, _) = Self.labels(seed: 1, probability: 0.3) { score, random in
            abs(score - Self.threshold) < 0.02 && random < 0.3
        }
        #expect(collection.biases(of: images).isEmpty)
    }

    /// As many images match as one in a hundred, and the tenth with the highest scores is nearest to the threshold.
    @Test func theTenthNearestToTheThresholdIsATenthAtTheEndOfTheRankingToo() throws {
        var collection = CollectionScores(categories: ["c0"])
        for image in 0..<4000 {
            collection.append(id: "\(image).jpg", scores: [-Float(image)], isMatch: [image < 40])
        }
        let (images, _) = labelled(
            scores: [(0..<400).map { -Float($0) }],
            truth: [(0..<400).map { $0 < 20 }],
            threshold: -39.5
        )
        #expect(try #require(collection.biases(of: images).first).nearShare == 1)
    }
}
