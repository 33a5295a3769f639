import CLIPCore
import TestSupport
import Testing

/// The product's first rule, by numbers that a person can follow: all vectors have two to four values, and every cosine
/// is a sum of a few powers of two, so that equality is exact.
@Suite struct ContrastRuleTests {
    struct Case: CustomTestStringConvertible {
        let testDescription: String
        var negative: [String] = ["cat"]
        var neutral: [String] = ["any"]
        var threshold: Float = 0
        var margin: Float = 0
        let image: [Float]
        let score: Float
        let outcome: Outcome
    }

    static let cases = [
        // image·dog = 0.5, image·cat = 0.5, image·any = 0.5
        Case(
            testDescription: "equality with threshold and neutral is a match",
            threshold: 0,
            image: [0.5, 0.5, 0.5, 0.5],
            score: 0,
            outcome: .match
        ),
        Case(
            testDescription: "the threshold decides",
            threshold: 0.25,
            image: [0.5, 0.5, 0.5, 0.5],
            score: 0,
            outcome: .belowThreshold
        ),
        Case(
            testDescription: "without negatives the score is the positive similarity",
            negative: [],
            threshold: 0.5,
            image: [0.5, 0.5, 0.5, 0.5],
            score: 0.5,
            outcome: .match
        ),
        Case(
            testDescription: "a positive similarity just below the threshold does not match",
            negative: [],
            threshold: Float(0.5).nextUp,
            image: [0.5, 0.5, 0.5, 0.5],
            score: 0.5,
            outcome: .belowThreshold
        ),
        Case(
            testDescription: "a negative set lowers the score below the threshold",
            negative: ["all"],
            threshold: 0,
            image: [0.5, 0.5, 0.5, 0.5],
            score: -0.5,
            outcome: .belowThreshold
        ),
        Case(
            testDescription: "the neutral margin decides",
            threshold: 0,
            margin: 0.25,
            image: [0.5, 0.5, 0.5, 0.5],
            score: 0,
            outcome: .belowNeutral
        ),
        Case(
            testDescription: "a negative margin lets the neutral set win by that much",
            threshold: -1,
            margin: -1,
            image: [0, 0, 1, 0],
            score: 0,
            outcome: .match
        ),
        Case(
            testDescription: "without neutrals there is no neutral test",
            neutral: [],
            threshold: 0,
            margin: 0.25,
            image: [0.5, 0.5, 0.5, 0.5],
            score: 0,
            outcome: .match
        ),
        Case(
            testDescription: "an image nearer to the neutral set does not match",
            threshold: 0,
            image: [0, 0, 1, 0],
            score: 0,
            outcome: .belowNeutral
        ),
        Case(
            testDescription: "the threshold is named before the neutral set",
            threshold: 0.5,
            image: [0, 0, 1, 0],
            score: 0,
            outcome: .belowThreshold
        ),
        Case(
            testDescription: "scores reach 1 without negatives of the same direction",
            threshold: 1,
            image: [1, 0, 0, 0],
            score: 1,
            outcome: .match
        ),
        Case(testDescription: "scores reach −1", threshold: -1, image: [0, 1, 0, 0], score: -1, outcome: .match),
    ]

    @Test(arguments: cases)
    func handComputedOutcome(_ test: Case) async throws {
        let file = CategoryFile(
            categories: [.init(name: "dog", positive: ["dog"], negative: test.negative, threshold: test.threshold)],
            neutral: test.neutral,
            neutralMargin: test.margin
        )
        let classifier = try Classifier(file, bank: try await NamedVectors.animals.bank(file))
        let decisions = try classifier.classify(EmbeddingMatrix(dimension: 4, values: test.image))
        #expect(decisions.evidence(image: 0, category: 0).score == test.score)
        #expect(decisions.outcome(image: 0, category: 0) == test.outcome)
    }

    @Test func eachCategoryHasItsOwnThreshold() async throws {
        let file = CategoryFile(categories: [
            .init(name: "strict", positive: ["dog"], threshold: 0.75),
            .init(name: "lenient", positive: ["dog"], threshold: 0.25),
        ])
        let classifier = try Classifier(file, bank: try await NamedVectors.animals.bank(file))
        let decisions = try classifier.classify(EmbeddingMatrix(dimension: 4, values: [0.5, 0.5, 0.5, 0.5]))
        #expect(decisions.matches(image: 0) == [1])
    }

    @Test func severalCategoriesOneOrNoneMayMatch() async throws {
        let file = CategoryFile(categories: [
            .init(name: "dog", positive: ["dog"], threshold: 0.5),
            .init(name: "cat", positive: ["cat"], threshold: 0.5),
        ])
        let classifier = try Classifier(file, bank: try await NamedVectors.animals.bank(file))
        let images: [Float] = [0.5, 0.5, 0.5, 0.5] + [0, 1, 0, 0] + [0, 0, 0, 1]
        let decisions = try classifier.classify(EmbeddingMatrix(dimension: 4, values: images))
        #expect((0..<3).map { decisions.matches(image: $0) } == [[0, 1], [1], []])
    }

    @Test func evidenceNamesEachPart() async throws {
        let file = CategoryFile(
            categories: [.init(name: "dog", positive: ["dog"], negative: ["cat"], threshold: 0)],
            neutral: ["any"]
        )
        let classifier = try Classifier(file, bank: try await NamedVectors.animals.bank(file))
        let image = EmbeddingMatrix(dimension: 4, values: [0.5, 0.25, -0.5, 0])
        #expect(
            try classifier.score(unitVectors: image) == [
                Evidence(score: 0.25, positive: 0.5, negative: 0.25, neutral: -0.5)
            ]
        )
    }

    /// In the last digit, the sum of neutral similarity and margin would decide otherwise.
    @Test(
        arguments: [(0.121, 0.031, 0.09, .match), (0.348, 0.308, 0.04, .belowNeutral)]
            as [(Float, Float, Float, Outcome)]
    )
    func theNeutralGapIsComparedWithTheMargin(
        positive: Float,
        neutral: Float,
        margin: Float,
        outcome: Outcome
    ) throws {
        try #require((positive >= neutral + margin) != (outcome == .match))
        let limits = DecisionLimits(names: ["dog"], thresholds: [0], neutralMargin: margin)
        let evidence = Evidence(score: 1, positive: positive, neutral: neutral)
        #expect(try limits.decide([evidence]).outcome(image: 0, category: 0) == outcome)
    }

    @Test func embeddingsOfAnotherDimensionAreRefused() async throws {
        let file = CategoryFile(categories: [.init(name: "dog", positive: ["dog"], threshold: 0)])
        let classifier = try Classifier(file, bank: try await NamedVectors.animals.bank(file))
        let error = #expect(throws: CLIPError.self) {
            try classifier.classify(EmbeddingMatrix(dimension: 3, values: [1, 0, 0]))
        }
        #expect(error?.code == .modelMismatch)
    }

    @Test func aScoreThatIsNotANumberIsAnErrorThatNamesTheCategory() async throws {
        let file = CategoryFile(categories: [.init(name: "dog", positive: ["dog"], threshold: 0)])
        let classifier = try Classifier(file, bank: try await NamedVectors.animals.bank(file))
        let error = #expect(throws: CLIPError.self) {
            try classifier.decide([Evidence(score: .nan, positive: 0)])
        }
        #expect(error?.message.contains("'dog'") == true)
    }

    @Test(arguments: [[80, 60, 0, 0], [.nan, 0, 0, 0], [0, 0, 0, 0]] as [[Float]])
    func vectorsThatAreNotOfUnitLengthAreRefused(_ vector: [Float]) async throws {
        let file = CategoryFile(categories: [.init(name: "dog", positive: ["dog"], threshold: 0)])
        let classifier = try Classifier(file, bank: try await NamedVectors.animals.bank(file))
        let error = #expect(throws: CLIPError.self) {
            try classifier.classify(EmbeddingMatrix(rows: [[1, 0, 0, 0], vector]))
        }
        #expect(error?.code == .invalidEmbeddings)
        #expect(error?.message.contains("Vector 1") == true)
    }
}
