import CLIPCore
import CLIPEvaluation
import CLIPTesting
import TestSupport
import Testing

@Suite struct BackgroundScoresTests {
    /// 200 background images with scores 0…199, and images of the category with higher ones.
    private func background() throws -> BackgroundScores {
        var scores = BackgroundScores(modelIdentity: "m", categories: ["c"])
        let evidence =
            (0..<200).map { Evidence(score: Float($0), positive: 0, neutral: 1) }
            + (0..<50).map { Evidence(score: 300 + Float($0), positive: 1, neutral: $0 < 10 ? 1 : 0) }
        try scores.append(evidence, similarities: evidence, ids: evidence.indices.map { "i\($0)" })
        return scores
    }

    @Test func theQuantileOfTheBackgroundStaysBelow() throws {
        // Two of 200 may reach it: 198 and 199.
        #expect(try background().calibrate(quantile: 0.99).categories.map(\.threshold) == [197.5])
        #expect(try background().calibrate(quantile: 0.5).categories.map(\.threshold) == [99.5])
    }

    @Test func matchesAreCountedWithTheMargin() throws {
        #expect(try background().matchCounts(thresholds: [197.5], neutralMargin: 0) == [50])
        #expect(try background().matchCounts(thresholds: [197.5], neutralMargin: 0.5) == [40])
        #expect(try background().matchCounts(thresholds: [197.5], neutralMargin: -2) == [52])
    }

    @Test func equalScoresMatchTogetherOrNotAtAll() throws {
        var scores = BackgroundScores(modelIdentity: "m", categories: ["c"])
        let evidence =
            (0..<100).map { Evidence(score: $0 < 90 ? 1 : 2, positive: 0, neutral: 1) }
            + [Evidence(score: 3, positive: 1, neutral: 0)]
        try scores.append(evidence, similarities: evidence, ids: evidence.indices.map { "i\($0)" })
        #expect(try scores.calibrate(quantile: 0.9).categories.map(\.threshold) == [1.5])
        // Ten are too many, and all else that matches scores 3.
        #expect(try scores.calibrate(quantile: 0.95).categories.map(\.threshold) == [2.5])
    }

    /// A sigmoid in 32 bits is 1 for many images, and a threshold of 1.0000001 leaves out all.
    @Test func aThresholdThatNoImageReachesIsAnError() throws {
        var scores = BackgroundScores(modelIdentity: "m", categories: ["c"])
        let evidence = (0..<100).map { Evidence(score: $0 < 90 ? 0.5 : 1, positive: 0, neutral: 1) }
        try scores.append(evidence, similarities: evidence, ids: evidence.indices.map { "i\($0)" })
        #expect(try scores.calibrate(quantile: 0.9).categories.map(\.threshold) == [0.75])
        let error = #expect(throws: CLIPError.self) { try scores.calibrate(quantile: 0.95) }
        #expect(error?.code == .calibration)
        #expect(
            error?.message.hasPrefix(
                "10 background images have the highest score that any image has for category 'c', 1.0, so no image would match."
            ) == true,
            "\(error?.message ?? "")"
        )
    }

    @Test func anImageNearAnotherCategoryIsNoBackground() throws {
        var scores = BackgroundScores(modelIdentity: "m", categories: ["a", "b"])
        let near = Evidence(score: 0, positive: 0.5, neutral: 0.25)
        let far = Evidence(score: 0, positive: 0.125, neutral: 0.25)
        try scores.append([near, far, far, far], similarities: [near, far, far, far], ids: ["x", "y"])
        #expect(scores.isBackground == [false, true])
    }

    @Test func aCategoryThatLearnsFromImagesHasNoSay() throws {
        var scores = BackgroundScores(modelIdentity: "m", categories: ["words", "images"])
        let near = Evidence(score: 0, positive: 0.5, neutral: 0.25)
        let far = Evidence(score: 0, positive: 0.125, neutral: 0.25)
        let learned = Evidence(score: 0, positive: 0.9)
        let evidence = [near, learned, far, learned]
        try scores.append(evidence, similarities: evidence, ids: ["x", "y"])
        #expect(scores.isBackground == [false, true])
    }

    @Test func withoutACategoryOfWordsThereIsNoBackground() async throws {
        let file = CategoryFile(
            categories: [.init(name: "a", positive: [], threshold: 0)],
            neutral: ["x"],
            rule: .exemplarMean
        )
        let exemplars = Exemplars([
            "a": .init(positive: NamedVectors.axes.images([1, 0, 0]), negative: NamedVectors.axes.images([]))
        ])
        let bank = try await NamedVectors.axes.bank(file, exemplars: exemplars)
        let store = MemoryStore(
            provenance: Provenance(.stub(dimension: 3)),
            block: EmbeddingBlock(ids: ["i"], embeddings: EmbeddingMatrix(dimension: 3, values: [1, 0, 0]))
        )
        let error = #expect(throws: CLIPError.self) {
            try BackgroundScores(store, classifier: Classifier(file, bank: bank))
        }
        #expect(error?.message.contains("every category here learns from labelled images") == true)
    }

    @Test func tooFewBackgroundImagesAreAnError() throws {
        let error = #expect(throws: CLIPError.self) { try background().calibrate(quantile: 0.999) }
        #expect(error?.message.contains("Only 200 of 250 images are background images") == true)
        #expect(error?.message.contains("needs at least 1000. Use background-quantile=0.995 or less,") == true)
        #expect(throws: Never.self) { try background().calibrate(quantile: 0.995) }
    }

    @Test(arguments: [(2, "Use background-quantile=0.5 or less"), (7, "=0.8 or less"), (1, "1000. Embed more images")])
    func theSuggestedQuantileIsPossible(count: Int, suggestion: String) throws {
        var scores = BackgroundScores(modelIdentity: "m", categories: ["c"])
        let evidence = (0..<count).map { Evidence(score: Float($0), positive: 0, neutral: 1) }
        try scores.append(evidence, similarities: evidence, ids: evidence.indices.map { "i\($0)" })
        let error = #expect(throws: CLIPError.self) { try scores.calibrate(quantile: 0.999) }
        #expect(error?.message.contains(suggestion) == true, "\(error?.message ?? "")")
    }

    @Test func aScoreThatIsNotANumberIsNamed() {
        var scores = BackgroundScores(modelIdentity: "m", categories: ["dog"])
        let evidence = [Evidence(score: .nan, positive: 0)]
        let error = #expect(throws: CLIPError.self) {
            try scores.append(evidence, similarities: evidence, ids: ["a.jpg"])
        }
        #expect(error?.message.contains("'a.jpg' for category 'dog'") == true)
    }

    @Test func aStoreIsScoredByTheRuleAndDividedByTheNeutralSet() async throws {
        let file = CategoryFile(
            categories: [.init(name: "dog", positive: ["dog"], threshold: 0)],
            neutral: ["any"],
            rule: .contrast
        )
        let classifier = try Classifier(file, bank: try await NamedVectors.animals.bank(file))
        let store = MemoryStore(
            provenance: Provenance(.stub(dimension: 4)),
            block: EmbeddingBlock(
                ids: ["dog", "any", "other"],
                embeddings: EmbeddingMatrix(dimension: 4, values: [1, 0, 0, 0] + [0, 0, 1, 0] + [0, 1, 0, 0])
            )
        )
        let scores = try BackgroundScores(store, classifier: classifier)
        #expect(scores.scores == [[1, 0, 0]])
        #expect(scores.gaps == [[1, -1, 0]])
        #expect(scores.isBackground == [false, true, false])
        let bare = CategoryFile(categories: file.categories)
        let other = try Classifier(bare, bank: try await NamedVectors.animals.bank(bare))
        let error = #expect(throws: CLIPError.self) { try BackgroundScores(store, classifier: other) }
        #expect(error?.message.contains("'neutral'") == true)
    }

    @Test func aStoreOfAnotherModelIsRefused() async throws {
        let file = CategoryFile(
            categories: [.init(name: "dog", positive: ["dog"], threshold: 0)],
            neutral: ["any"]
        )
        let classifier = try Classifier(file, bank: try await NamedVectors.animals.bank(file))
        let error = #expect(throws: CLIPError.self) {
            try BackgroundScores(MemoryStore(model: .stub(size: 9, dimension: 4)), classifier: classifier)
        }
        #expect(error?.code == .modelMismatch && error?.message.contains("stub-9-4") == true)
    }

    @Test func thresholdsComeIntoTheFileAndTheMarginStays() throws {
        let text = """
            neutral: [any]
            neutral_margin: 0.25
            categories:
              c: {positive: [dog], threshold: 0} # mine
            """
        let result = try background().calibrate(quantile: 0.5)
        let new = try result.applied(to: text, name: "f.yaml")
        let file = try CategoryFile(text: new, name: "f.yaml")
        #expect(file.categories.map(\.threshold) == [99.5] && file.neutralMargin == 0.25 && file.model == "m")
        #expect(new.contains("# mine"))
        let again = try background().calibrate(quantile: 0.99).applied(to: new, name: "f.yaml")
        #expect(try CategoryFile(text: again, name: "f.yaml").categories.map(\.threshold) == [197.5])

        let error = #expect(throws: CLIPError.self) {
            try result.applied(to: "model_sha256: other\n" + text, name: "f.yaml")
        }
        #expect(error?.code == .modelMismatch)
        #expect(error?.message.hasPrefix("f.yaml: the neutral_margin 0.25 belongs to another model") == true)
    }
}
