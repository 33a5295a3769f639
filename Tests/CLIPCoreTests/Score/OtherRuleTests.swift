import CLIPCore
import CLIPTesting
import TestSupport
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

@Suite struct OtherRuleTests {
    /// Two prompts a set, and cosines given by hand.
    static let file = CategoryFile(
        categories: [
            .init(name: "a", positive: ["a1", "a2"], negative: ["n1", "n2"], threshold: 0),
            .init(name: "b", positive: ["b1", "b2"], threshold: 0),
        ],
        neutral: ["x1", "x2"]
    )

    /// Similarities of one image; columns: the sets a, n, b, x, then the prompts a1 a2 n1 n2 b1 b2 x1 x2.
    static func similarities(_ values: [Float]) async throws -> Similarities {
        let bank = try await PromptBank(file, dimension: 1) { texts in
            EmbeddingMatrix(dimension: 1, values: texts.map { _ in 1 })
        }
        return Similarities(layout: bank.layout, columnCount: values.count, values: values)
    }

    @Test func bestPromptTakesTheNearestDescriptionOfEachSet() async throws {
        let block = try await Self.similarities([0, 0, 0, 0, 0.25, 0.5, 0.125, -1, 0.75, -0.5, 0.375, 0.25])
        #expect(
            BestPromptRule().score(block) == [
                Evidence(score: 0.375, positive: 0.5, negative: 0.125, neutral: 0.375),
                Evidence(score: 0.75, positive: 0.75, negative: nil, neutral: 0.375),
            ]
        )
    }

    @Test func softmaxSharesOneProbabilityAmongCategoriesAndNeutral() async throws {
        let block = try await Self.similarities([0.5, -.infinity, 0.25, 0.125])
        let scores = try SoftmaxRule(scale: 4).score(block).map(\.score)
        // exp(2), exp(1), exp(0.5) over their sum
        let sum = exp(2.0) + exp(1.0) + exp(0.5)
        #expect(abs(Double(scores[0]) - exp(2) / sum) < 1e-6)
        #expect(abs(Double(scores[1]) - exp(1) / sum) < 1e-6)
    }

    @Test func softmaxLetsNegativesCompeteWithTheirCategoryAlone() async throws {
        let without = try await Self.similarities([0.5, -.infinity, 0.25, 0.125])
        let with = try await Self.similarities([0.5, 0.5, 0.25, 0.125])
        let rule = try SoftmaxRule(scale: 4)
        #expect(rule.score(with)[0].score < rule.score(without)[0].score)
        #expect(rule.score(with)[1].score == rule.score(without)[1].score)
    }

    @Test func softmaxOfLargeLogitsDoesNotOverflow() async throws {
        let block = try await Self.similarities([1, -1, -1, -1])
        let scores = try SoftmaxRule(scale: 1000).score(block).map(\.score)
        #expect(scores == [1, 0])
    }

    @Test(arguments: [0, -1, .nan, .infinity, 1e300, 1e-300])
    func softmaxRefusesAScaleThatIsNotPositive(_ scale: Double) {
        #expect(throws: CLIPError.self) { try SoftmaxRule(scale: scale) }
    }

    @Test func sigmoidScoresEachCategoryOnItsOwn() async throws {
        let rule = try SigmoidRule(scale: 8, bias: -2)
        let evidence = rule.score(try await Self.similarities([0.5, 0.25, 0.25, 0.125]))
        // With negatives 8 · (0.5 − 0.25); without them 8 · 0.25 − 2.
        #expect(abs(Double(evidence[0].score) - 1 / (1 + exp(-2.0))) < 1e-6)
        #expect(evidence[1] == Evidence(score: 0.5, positive: 0.25, negative: nil, neutral: 0.125))
    }

    @Test func strongestNegativeTakesTheSetAndTheNearestLookAlike() async throws {
        let block = try await Self.similarities([0.5, 0, 0.25, 0.125, 0, 0, 0.125, 0.375, 0, 0, 0, 0])
        #expect(
            StrongestNegativeRule().score(block) == [
                Evidence(score: 0.125, positive: 0.5, negative: 0.375, neutral: 0.125),
                Evidence(score: 0.25, positive: 0.25, negative: nil, neutral: 0.125),
            ]
        )
    }

    @Test func topKMeanTakesTheNearestOfEachSetAndAllOfAShorterOne() async throws {
        let file = CategoryFile(
            categories: [.init(name: "a", positive: ["1", "2", "3"], negative: ["4"], threshold: 0)]
        )
        let bank = try await PromptBank(file, dimension: 1) { EmbeddingMatrix(dimension: 1, values: $0.map { _ in 1 }) }
        let block = Similarities(layout: bank.layout, columnCount: 6, values: [0, 0, 0.5, 0.125, 0.25, 0.125])
        #expect(try TopKMeanRule(k: 2).score(block) == [Evidence(score: 0.25, positive: 0.375, negative: 0.125)])
        #expect(try TopKMeanRule(k: 1).score(block) == BestPromptRule().score(block))
        #expect(throws: CLIPError.self) { try TopKMeanRule(k: 0) }
    }

    @Test func everyRuleKeepsTheContract() async throws {
        try await Conformance.check(ContrastRule())
        try await Conformance.check(BestPromptRule())
        try await Conformance.check(SoftmaxRule(scale: 100))
        try await Conformance.check(SigmoidRule(scale: 100, bias: -10))
        try await Conformance.check(StrongestNegativeRule())
        try await Conformance.check(TopKMeanRule(k: 2))
    }
}
