import CLIPCore
import CLIPTesting
import TestSupport
import Testing

/// Rules as a category file chooses them, for the whole file and for single categories.
@Suite struct RuleChoiceTests {
    static func scores(
        _ file: CategoryFile,
        _ image: [Float],
        exemplars: Exemplars? = nil
    ) async throws -> [Evidence] {
        try await Classifier(file, bank: NamedVectors.axes.bank(file, exemplars: exemplars))
            .score(unitVectors: EmbeddingMatrix(dimension: 3, values: image))
    }

    @Test func eachCategoryIsScoredByItsOwnRule() async throws {
        var file = CategoryFile(
            categories: [
                .init(name: "a", positive: ["x", "y"], threshold: 0, rule: .bestPrompt),
                .init(name: "b", positive: ["x", "y"], threshold: 0),
                .init(name: "c", positive: ["x", "y"], threshold: 0, rule: .bestPrompt),
            ],
            neutral: ["z"]
        )
        let mixed = try await Self.scores(file, [0.5, 0.25, 0.125])
        for index in file.categories.indices { file.categories[index].rule = nil }
        let contrast = try await Self.scores(file, [0.5, 0.25, 0.125])
        file.rule = .bestPrompt
        let best = try await Self.scores(file, [0.5, 0.25, 0.125])
        #expect(mixed == [best[0], contrast[1], best[2]])
        #expect(best[0].score == 0.5)
    }

    @Test func softmaxSharesProbabilityWithinItsGroupAlone() async throws {
        let animals = RuleChoice.softmax(group: "animals", scale: 10)
        let colors = RuleChoice.softmax(group: "colors", scale: 10)
        let file = CategoryFile(categories: [
            .init(name: "cat", positive: ["x"], threshold: 0, rule: animals),
            .init(name: "red", positive: ["z"], threshold: 0, rule: colors),
            .init(name: "dog", positive: ["y"], threshold: 0, rule: animals),
            .init(name: "blue", positive: ["y"], threshold: 0, rule: colors),
        ])
        let scores = try await Self.scores(file, [0.8, 0.6, 0]).map(\.score)
        // Both groups sum to one; a float's rounding apart.
        #expect(abs(scores[0] + scores[2] - 1) < 1e-6)
        #expect(abs(scores[1] + scores[3] - 1) < 1e-6)
        #expect(scores[0] > scores[2])
    }

    @Test func aScaleInTheFileTakesThePlaceOfTheModels() async throws {
        var file = CategoryFile(
            categories: [
                .init(name: "a", positive: ["x"], threshold: 0), .init(name: "b", positive: ["y"], threshold: 0),
            ],
            rule: .softmax()
        )
        let bank = try await NamedVectors.axes.bank(file)
        #expect(try (Classifier(file, bank: bank).rule as? SoftmaxRule)?.scale == 100)
        file.rule = .softmax(scale: 5)
        #expect(try (Classifier(file, bank: bank).rule as? SoftmaxRule)?.scale == 5)
    }

    @Test func aMissingBiasIsNamedWithTheKeyThatGivesIt() async throws {
        var file = CategoryFile(categories: [.init(name: "a", positive: ["x"], threshold: 0)], rule: .sigmoid())
        let bank = try await NamedVectors.axes.bank(file)
        let error = #expect(throws: CLIPError.self) { try Classifier(file, bank: bank) }
        #expect(error?.code == .invalidModel)
        #expect(error?.message.contains("logit_bias") == true)
        file.rule = .sigmoid(bias: -10)
        #expect(try (Classifier(file, bank: bank).rule as? SigmoidRule)?.bias == -10)
    }

    @Test func onlyACategoryWithoutNegativesNeedsABias() async throws {
        var file = CategoryFile(
            categories: [.init(name: "a", positive: ["x"], negative: ["y"], threshold: 0)],
            rule: .sigmoid(scale: 8)
        )
        #expect(try await Self.scores(file, [0.5, 0.5, 0]).map(\.score) == [0.5])
        file.categories.append(.init(name: "b", positive: ["x"], threshold: 0))
        let bank = try await NamedVectors.axes.bank(file)
        let error = #expect(throws: CLIPError.self) { try Classifier(file, bank: bank) }
        #expect(error?.message.contains("a logit bias for categories without negatives") == true)
    }

    @Test func thresholdsOfAnotherModelAreRefused() async throws {
        var file = CategoryFile(categories: [.init(name: "a", positive: ["x"], threshold: 0)])
        let bank = try await NamedVectors.axes.bank(file)
        file.model = ModelDescription.stub(dimension: 3).identity
        #expect(throws: Never.self) { try Classifier(file, bank: bank) }
        file.model = "another"
        let error = #expect(throws: CLIPError.self) { try Classifier(file, bank: bank) }
        #expect(error?.code == .modelMismatch)
    }

    @Test func nearestExemplarComparesWithTheNearestImageOfEachKind() async throws {
        let file = CategoryFile(
            categories: [.init(name: "a", positive: [], threshold: 0, rule: .nearestExemplar)],
            neutral: ["x"]
        )
        let exemplars = Exemplars([
            "a": .init(
                positive: NamedVectors.axes.images([1, 0, 0, 0, 1, 0]),
                negative: NamedVectors.axes.images([0, 0, 1])
            )
        ])
        let evidence = try await Self.scores(file, [0.25, 0.75, 0.125], exemplars: exemplars)
        #expect(evidence == [Evidence(score: 0.625, positive: 0.75, negative: 0.125, neutral: nil)])
    }

    @Test func exemplarMeanComparesWithTheMeanDirectionOfImages() async throws {
        let file = CategoryFile(categories: [.init(name: "a", positive: [], threshold: 0, rule: .exemplarMean)])
        let exemplars = Exemplars([
            "a": .init(
                positive: NamedVectors.axes.images([0.6, 0.8, 0, 0.6, -0.8, 0]),
                negative: NamedVectors.axes.images([0, 0, 1])
            )
        ])
        // The mean of both positives is (0.6, 0, 0): its direction is x.
        let evidence = try await Self.scores(file, [0.5, 0.25, 0.125], exemplars: exemplars)
        #expect(evidence == [Evidence(score: 0.375, positive: 0.5, negative: 0.125, neutral: nil)])
    }

    @Test func labelledImagesOfAnotherModelAreRefused() async throws {
        let file = CategoryFile(categories: [.init(name: "a", positive: [], threshold: 0, rule: .exemplarMean)])
        let images = Exemplars.Category(
            positive: NamedVectors.axes.images([1, 0, 0]),
            negative: NamedVectors.axes.images([0, 1, 0])
        )
        let vectors = ["x": [Float](arrayLiteral: 1, 0, 0)]
        for exemplars in [Exemplars(["a": images]), Exemplars(["a": images], model: .stub(dimension: 3))] {
            await #expect(throws: Never.self) { try await NamedVectors.axes.bank(file, exemplars: exemplars) }
        }
        let another = Exemplars(["a": images], model: .stub(size: 4, dimension: 3))
        let embedded = await #expect(throws: CLIPError.self) {
            try await NamedVectors.axes.bank(file, exemplars: another)
        }
        let given = #expect(throws: CLIPError.self) {
            try PromptBank(file, vectors: vectors, model: .stub(dimension: 3), exemplars: another)
        }
        for error in [embedded, given] {
            #expect(error?.code == .modelMismatch)
            #expect(error?.message.contains("labelled images was made with the model stub-4-3") == true)
        }
    }

    @Test func aRuleThatLearnsWithoutImagesIsNamed() async throws {
        let file = CategoryFile(categories: [.init(name: "a", positive: [], threshold: 0, rule: .linearProbe())])
        let nothing = await #expect(throws: CLIPError.self) { try await NamedVectors.axes.bank(file) }
        #expect(nothing?.code == .invalidLabels)
        #expect(nothing?.message.contains("'a'") == true)
        let oneKind = Exemplars([
            "a": .init(positive: NamedVectors.axes.images([1, 0, 0]), negative: NamedVectors.axes.images([]))
        ])
        let error = await #expect(throws: CLIPError.self) { try await NamedVectors.axes.bank(file, exemplars: oneKind) }
        #expect(error?.message.contains("outside the category") == true)
    }
}
