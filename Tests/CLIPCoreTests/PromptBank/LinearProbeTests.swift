import CLIPCore
import CLIPTesting
import Foundation
import TestSupport
import Testing

/// Agreement with scikit-learn; `Tools/fixtures/make_linear_probe_fixtures.py` made the values.
@Suite struct LinearProbeTests {
    private struct Reference: Decodable {
        struct Case: Decodable {
            let regularization: Double
            let weights: [Double]
            let bias: Double
            let probabilities: [Double]
        }

        let positives: Int
        let vectors: [[Float]]
        let cases: [Case]
    }

    private static func images(_ vectors: some Sequence<[Float]>) -> EmbeddingBlock {
        let vectors = Array(vectors)
        let matrix = EmbeddingMatrix(dimension: 8, values: vectors.flatMap(\.self))
        return EmbeddingBlock(ids: vectors.indices.map { "\($0)" }, embeddings: matrix)
    }

    @Test(arguments: [0, 1, 2])
    func weightsAndProbabilitiesEqualScikitLearns(_ index: Int) async throws {
        let data = try Data(contentsOf: URL(filePath: Fixture.path("linear_probe.json")))
        let reference = try JSONDecoder().decode(Reference.self, from: data)
        let expected = reference.cases[index]
        let exemplars = Exemplars([
            "a": .init(
                positive: Self.images(reference.vectors.prefix(reference.positives)),
                negative: Self.images(reference.vectors.dropFirst(reference.positives))
            )
        ])
        let rule = RuleChoice.linearProbe(regularization: expected.regularization)
        let file = CategoryFile(categories: [.init(name: "a", positive: [], threshold: 0.5, rule: rule)])
        let bank = try await PromptBank(file, exemplars: exemplars, dimension: 8) { _ in
            preconditionFailure("there are no texts")
        }
        let probe = try #require(bank.probes[0])

        // Weights are stored as 32-bit floats, whose relative rounding is 6e-8; both solvers stop near the minimum.
        for (value, weight) in zip(probe.direction, expected.weights) {
            #expect(abs(Double(value * probe.scale) - weight) < 1e-5 * Double(probe.scale))
        }
        #expect(abs(Double(probe.bias) - expected.bias) < 1e-5 * max(1, abs(expected.bias)))
        let classifier = try Classifier(file, bank: bank)
        let scores = try classifier.score(EmbeddingMatrix(dimension: 8, values: reference.vectors.flatMap(\.self)))
        for (evidence, probability) in zip(scores, expected.probabilities) {
            #expect(abs(Double(evidence.score) - probability) < 1e-5)
        }
    }

    @Test func imagesThatAreTheSameOnBothSidesAreRefused() async throws {
        let same = Self.images([[1, 0, 0, 0, 0, 0, 0, 0]])
        let exemplars = Exemplars(["a": .init(positive: same, negative: same)])
        let file = CategoryFile(categories: [.init(name: "a", positive: [], threshold: 0.5, rule: .linearProbe())])
        let error = await #expect(throws: CLIPError.self) {
            try await PromptBank(file, exemplars: exemplars, dimension: 8) { _ in
                preconditionFailure("there are no texts")
            }
        }
        #expect(error?.code == .invalidLabels)
        #expect(error?.message.contains("category 'a'") == true)
        #expect(error?.message.contains("regularization 1.0 is too large") == true)
    }
}
