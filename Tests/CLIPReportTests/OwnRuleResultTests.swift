import CLIPCore
import CLIPReport
import CLIPTesting
import TestSupport
import Testing

/// What results say of the rule that they were scored with, and which rule may decide them again.
@Suite struct OwnRuleResultTests {
    /// A program's own: the positive similarity times a factor.
    private struct Scaled: ScoringRule {
        var factor: Float = 2
        var identifier: String { "scaled (factor \(factor))" }

        func score(_ similarities: Similarities) -> [Evidence] {
            similarities.evidence { row, category in
                Evidence(score: factor * row[category.positive], positive: row[category.positive])
            }
        }
    }

    private static let file = CategoryFile(
        categories: [
            .init(name: "a", positive: ["a1", "a2"], negative: ["n1", "n2"], threshold: 0),
            .init(name: "b", positive: ["b1", "b2"], threshold: 0),
        ],
        neutral: ["x1", "x2"]
    )

    private static func classifier(_ rule: some ScoringRule) async throws -> Classifier {
        let bank = try await PromptBank(file, dimension: 1) { EmbeddingMatrix(dimension: 1, values: $0.map { _ in 1 }) }
        return try Classifier(file, bank: bank, rule: rule)
    }

    @Test func resultsSayWhichRuleTheyAreOf() async throws {
        let schema = try await Self.classifier(Scaled()).resultSchema(parts: ResultPart.decision)
        #expect(schema.categories.map(\.definition.rule) == ["scaled (factor 2.0)", "scaled (factor 2.0)"])
    }

    @Test func aCategoryFileDoesNotDecideScoresOfAnotherRule() async throws {
        let schema = try await Self.classifier(Scaled()).resultSchema(parts: ResultPart.decision)
        let error = #expect(throws: CLIPError.self) { try schema.decided(by: Self.file, name: "r.parquet") }
        #expect(error?.code == .invalidCategoryFile)
        #expect(
            error?.message
                == "r.parquet: the category 'a' was scored with the rule 'scaled (factor 2.0)' and cannot be decided by the "
                + "rule 'contrast'. No category file can name it: decide in the program that has the rule, or score the "
                + "embeddings again."
        )
    }

    @Test func theProgramThatHasTheRuleDecidesAgain() async throws {
        let schema = try await Self.classifier(Scaled()).resultSchema(parts: ResultPart.decision)
        var file = Self.file
        file.categories[0].threshold = 0.75
        file.rule = .custom(Scaled())
        let decided = try schema.decided(by: file, name: "r.parquet")
        #expect(decided.categories.map(\.threshold) == [0.75, 0])
        file.rule = .custom(Scaled(factor: 3))
        #expect(throws: CLIPError.self) { try schema.decided(by: file, name: "r.parquet") }
    }

    @Test func scoresOfAFilesRuleAreNotDecidedByAnotherOne() async throws {
        let schema = try await Self.classifier(ContrastRule()).resultSchema(parts: ResultPart.decision)
        var file = Self.file
        #expect(throws: Never.self) { try schema.decided(by: file, name: "r.parquet") }
        file.rule = .bestPrompt
        let error = #expect(throws: CLIPError.self) { try schema.decided(by: file, name: "r.parquet") }
        #expect(
            error?.message.contains("with the rule 'contrast' and cannot be decided by the rule 'best-prompt'") == true
        )
    }

    @Test(arguments: RuleChoice.all)
    func aFilesRulesAreRecordedAsTheFileNamesThem(_ choice: RuleChoice) async throws {
        var file = Self.file
        switch choice {
        case .softmax: file.rule = .softmax(scale: 50)
        case .sigmoid: file.rule = .sigmoid(scale: 0.1, bias: -2)
        default: file.rule = choice
        }
        let image = EmbeddingBlock(ids: ["i"], embeddings: EmbeddingMatrix(dimension: 1, values: [1]))
        let other = EmbeddingBlock(ids: ["o"], embeddings: EmbeddingMatrix(dimension: 1, values: [-1]))
        let exemplars = Exemplars([
            "a": .init(positive: image, negative: other), "b": .init(positive: image, negative: other),
        ])
        let bank = try await PromptBank(file, exemplars: exemplars, dimension: 1) {
            EmbeddingMatrix(dimension: 1, values: $0.map { _ in 1 })
        }
        let classifier = try Classifier(file, bank: bank)
        let rules = classifier.resultSchema(parts: ResultPart.evidence).categories.map(\.definition.rule)
        #expect(rules == [file.rule.description, file.rule.description])
        // The rule itself says the same, but for what it learned with.
        guard !choice.learnsFromImages else { return }
        #expect(classifier.rule.identifier == file.rule.description)
    }
}
