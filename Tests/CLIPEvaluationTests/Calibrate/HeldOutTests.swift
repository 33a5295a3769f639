import CLIPCore
import CLIPEvaluation
import CLIPTesting
import TestSupport
import Testing

/// What is reported comes from images that fitting did not see.
@Suite struct HeldOutTests {
    /// Labels drawn by chance, 3 of 10 positive, and scores that know nothing of them.
    private func chance(images: Int, seed: UInt64) -> LabelledScores {
        var generator = SeededGenerator(seed: seed)
        let scores = (0..<images).map { _ in Float(ScoreProcess.uniform(&generator)) }
        return LabelledScores(
            categoryCount: 1,
            evidence: scores.map { Evidence(score: $0, positive: $0, neutral: 0) },
            truth: scores.map { _ in ScoreProcess.uniform(&generator) < 0.3 }
        )
    }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func labelsByChanceGiveFiguresOfChance(_ seed: UInt64) async throws {
        let scores = chance(images: 400, seed: seed)
        try expectChance(try await scores.calibrate(.f1).categories[0], scores)
    }

    /// A rule that knows every label it was trained on by heart: a leak would make it perfect.
    @Test func aRuleThatLearnsByHeartGetsFiguresOfChance() async throws {
        let scores = chance(images: 400, seed: 9)
        let calibration = ThresholdCalibration(target: .f1, bootstrap: BootstrapOptions(resamples: 0))
        let result = try await calibration.calibrate(
            modelIdentity: "a model",
            labels: scores.columns,
            neutralMargin: 0,
            learns: true
        ) { training, rows in
            let known = Set(training)
            #expect(known.isDisjoint(with: rows))
            return rows.map { row in
                let byHeart = Evidence(score: scores.truth[row] == true ? 2 : -1, positive: 0)
                return known.contains(row) ? byHeart : scores.evidence[row]
            }
        }
        try expectChance(result.categories[0], scores)
    }

    /// An image is its own nearest exemplar: a leak would make the rule perfect.
    @Test func aRuleThatLearnsFromImagesGetsFiguresOfChance() async throws {
        let scores = chance(images: 200, seed: 11)
        var generator = SeededGenerator(seed: 12)
        var vectors = EmbeddingMatrix(
            dimension: 8,
            values: (0..<1600).map { _ in Float(ScoreProcess.normal(&generator)) }
        )
        try vectors.normalizeRows()
        let images = LabelledEmbeddings(
            ids: (0..<200).map { "i\($0)" },
            embeddings: vectors,
            categories: ["c0"],
            truth: scores.truth
        )
        let calibration = ThresholdCalibration(target: .f1, bootstrap: BootstrapOptions(resamples: 0))
        let file = CategoryFile(
            categories: [.init(name: "c0", positive: [], threshold: 0)],
            rule: .nearestExemplar,
            model: "of another model"
        )
        let embedder = TextFunction(model: .stub(dimension: 8)) { _ in EmbeddingMatrix(dimension: 8) }
        let result = try await calibration.calibrate(file, images, embedder: embedder)
        try expectChance(result.categories[0], scores)
    }

    /// A margin that was fitted to the labels has seen every part of them.
    @Test(arguments: [(nil, -0.5), ("fitted before", -2)] as [(String?, Float)])
    func aMarginThatWasFittedIsNotTried(_ model: String?, _ expected: Float) async throws {
        let axes: [String: [Float]] = ["x": [1, 0], "any": [0, 1]]
        let images = LabelledEmbeddings(
            ids: (0..<20).map { "i\($0)" },
            embeddings: EmbeddingMatrix(
                dimension: 2,
                values: (0..<20).flatMap { axes[$0 < 10 ? "x" : "any"] ?? [] }
            ),
            categories: ["c"],
            truth: (0..<20).map { $0 < 10 }
        )
        let file = CategoryFile(
            categories: [.init(name: "c", positive: ["x"], threshold: 0)],
            neutral: ["any"],
            neutralMargin: -0.5,
            model: model
        )
        let calibration = ThresholdCalibration(target: .f1, bootstrap: BootstrapOptions(resamples: 0))
        let embedder = TextFunction(model: .stub(dimension: 2)) { texts in
            EmbeddingMatrix(dimension: 2, values: texts.flatMap { axes[$0] ?? [] })
        }
        let result = try await calibration.calibrate(file, images, embedder: embedder)
        #expect(result.neutralMargin == expected)
    }

    /// Within three standard errors of what chance gives.
    private func expectChance(_ category: CalibrationResult.Category, _ scores: LabelledScores) throws {
        let base = Double(category.positives) / Double(category.positives + category.negatives)
        let matches = category.scores.count { $0 >= category.threshold }
        let error = 3 * (base * (1 - base) / Double(max(matches, 1))).squareRoot()
        #expect(abs(try #require(category.precision).value - base) < error)
        // Chance has its best F1 where everything matches: precision is the base rate and recall 1.
        #expect(try #require(category.f1).value < 2 * base / (1 + base) + error)
        // The average precision of n scores by chance scatters by about √(base · (1 − base) / positives) at most.
        let spread = 3 * (base * (1 - base) / Double(category.positives)).squareRoot()
        #expect(abs(averagePrecision(category.scores, scores.truth) - base) < spread)
    }

    /// The mean, over positive images, of the precision among the images that score as high or higher.
    private func averagePrecision(_ scores: [Float], _ truth: [Bool?]) -> Double {
        var (truePositives, sum) = (0, 0.0)
        for (rank, index) in scores.indices.sorted(by: { scores[$0] > scores[$1] }).enumerated()
        where truth[index] == true {
            truePositives += 1
            sum += Double(truePositives) / Double(rank + 1)
        }
        return sum / Double(truePositives)
    }

    @Test func everyPartHasItsShareOfEachClass() throws {
        var generator = SeededGenerator(seed: 3)
        let labels: [[Bool?]] = (0..<12).map { category in
            (0..<200).map { _ in
                let chance = ScoreProcess.uniform(&generator)
                return chance < 0.1 ? nil : chance < 0.12 + Double(category) * 0.05
            }
        }
        let names = labels.indices.map { "c\($0)" }
        let labelled = labels.filter { $0.count { $0 == true } >= 10 }
        let folds = try StratifiedFolds(
            count: 5,
            labels: labelled,
            categories: Array(names.prefix(labelled.count)),
            minimum: 10,
            seed: 0
        )
        for labels in labelled {
            for label in [true, false] {
                let rows = labels.indices.filter { labels[$0] == label }
                for part in 0..<5 {
                    let count = rows.count { folds.assignment[$0] == part }
                    // Twelve categories cannot all be dealt out evenly; none goes without.
                    #expect(count >= 1)
                    #expect(Double(count) < 2.2 * Double(rows.count) / 5)
                }
            }
        }
        for part in 0..<5 {
            #expect(abs(folds.assignment.count { $0 == part } - 40) <= 4)
        }
    }

    @Test func oneCategoryIsDealtOutEvenly() throws {
        let labels: [Bool?] = (0..<103).map { $0 < 23 }
        let folds = try StratifiedFolds(count: 5, labels: [labels], categories: ["c"], minimum: 10, seed: 4)
        for part in 0..<5 {
            #expect([4, 5].contains((0..<23).count { folds.assignment[$0] == part }))
            #expect((23..<103).count { folds.assignment[$0] == part } == 16)
        }
    }
}
