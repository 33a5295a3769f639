import CLIPCore
import CLIPReport
import CLIPTesting
import Testing

/// Rules of a program's own: what their results say, and what they cannot do.
@Suite struct OwnRuleTests {
    /// The positive similarity times a factor.
    private struct Scaled: ScoringRule {
        var factor: Float = 2
        var identifier: String { "scaled (factor \(factor))" }

        func score(_ similarities: Similarities) -> [Evidence] {
            similarities.evidence { row, category in
                Evidence(score: factor * row[category.positive], positive: row[category.positive])
            }
        }
    }

    /// Says that it is a rule of category files.
    private struct Impostor: ScoringRule {
        let identifier: String

        func score(_ similarities: Similarities) -> [Evidence] { Scaled().score(similarities) }
    }

    /// Reads whatever column it is told to.
    private struct Reader: PromptScoringRule {
        let column: Int
        let identifier = "reader"

        func score(_ similarities: PromptSimilarities) -> [Evidence] {
            similarities.evidence { row, _ in Evidence(score: row[column], positive: 0) }
        }
    }

    /// Hands its similarities on.
    private struct Doubled<Rule: ScoringRule>: ScoringRule {
        let rule: Rule
        var identifier: String { "doubled \(rule.identifier)" }
        var usesPromptVectors: Bool { rule.usesPromptVectors }

        func score(_ similarities: Similarities) -> [Evidence] {
            rule.score(similarities).map { Evidence(score: 2 * $0.score, positive: $0.positive) }
        }
    }

    private static func classifier(
        _ rule: some ScoringRule,
        _ file: CategoryFile = OtherRuleTests.file
    ) async throws
        -> Classifier
    {
        let bank = try await PromptBank(file) { EmbeddingMatrix(dimension: 1, values: $0.map { _ in 1 }) }
        return Classifier(file, bank: bank, rule: rule)
    }

    @Test func resultsSayWhichRuleTheyAreOf() async throws {
        let schema = try await Self.classifier(Scaled()).resultSchema(parts: ResultPart.decision)
        #expect(schema.categories.map(\.definition.rule) == ["scaled (factor 2.0)", "scaled (factor 2.0)"])
    }

    @Test func aCategoryFileDoesNotDecideScoresOfAnotherRule() async throws {
        let schema = try await Self.classifier(Scaled()).resultSchema(parts: ResultPart.decision)
        let error = #expect(throws: CLIPError.self) { try schema.decided(by: OtherRuleTests.file, name: "r.parquet") }
        #expect(error?.code == .invalidCategoryFile)
        #expect(
            error?.message
                == "r.parquet: the category 'a' was scored with the rule 'scaled (factor 2.0)', and is to be decided by the "
                + "rule 'contrast'. No category file can name it: decide in the program that has the rule, or score the "
                + "embeddings again."
        )
    }

    @Test func theProgramThatHasTheRuleDecidesAgain() async throws {
        let schema = try await Self.classifier(Scaled()).resultSchema(parts: ResultPart.decision)
        var file = OtherRuleTests.file
        file.categories[0].threshold = 0.75
        let decided = try schema.decided(by: file, rule: Scaled(), name: "r.parquet")
        #expect(decided.categories.map(\.threshold) == [0.75, 0])
        #expect(throws: CLIPError.self) { try schema.decided(by: file, rule: Scaled(factor: 3), name: "r.parquet") }
    }

    @Test func scoresOfAFilesRuleAreNotDecidedByAnotherOne() async throws {
        let schema = try await Self.classifier(ContrastRule()).resultSchema(parts: ResultPart.decision)
        var file = OtherRuleTests.file
        #expect(throws: Never.self) { try schema.decided(by: file, name: "r.parquet") }
        file.rule = .bestPrompt
        let error = #expect(throws: CLIPError.self) { try schema.decided(by: file, name: "r.parquet") }
        #expect(
            error?.message.contains("with the rule 'contrast', and is to be decided by the rule 'best-prompt'") == true
        )
    }

    @Test(arguments: RuleChoice.all)
    func aFilesRulesAreRecordedAsTheFileNamesThem(_ choice: RuleChoice) async throws {
        var file = OtherRuleTests.file
        switch choice {
        case .softmax: file.rule = .softmax(scale: 50)
        case .sigmoid: file.rule = .sigmoid(scale: 0.1, bias: -2)
        default: file.rule = choice
        }
        let image = Exemplars.Images(ids: ["i"], embeddings: EmbeddingMatrix(dimension: 1, values: [1]))
        let other = Exemplars.Images(ids: ["o"], embeddings: EmbeddingMatrix(dimension: 1, values: [-1]))
        let exemplars = Exemplars([
            "a": .init(positive: image, negative: other), "b": .init(positive: image, negative: other),
        ])
        let bank = try await PromptBank(file, exemplars: exemplars) {
            EmbeddingMatrix(dimension: 1, values: $0.map { _ in 1 })
        }
        let classifier = try Classifier(file, bank: bank, model: .stub())
        let rules = classifier.resultSchema(parts: ResultPart.evidence).categories.map(\.definition.rule)
        #expect(rules == [file.rule.description, file.rule.description])
        // The rule itself says the same, but for what it learned with.
        guard !choice.learnsFromImages else { return }
        #expect(classifier.rule.identifier == file.rule.description)
    }

    @Test func anIdentifierOfACategoryFilesRuleIsTaken() async {
        await #expect(processExitsWith: .failure) {
            _ = try await Self.classifier(Impostor(identifier: "contrast"))
        }
        await #expect(processExitsWith: .failure) {
            _ = try await Self.classifier(Impostor(identifier: "top-k-mean (k 3)"))
        }
        await #expect(processExitsWith: .success) {
            _ = try await Self.classifier(Impostor(identifier: "contrasted"))
        }
    }

    @Test func aColumnThatIsNotThereIsNeverRead() async throws {
        let image = EmbeddingMatrix(dimension: 1, values: [1])
        // Four sets and eight prompts.
        #expect(try await Self.classifier(Reader(column: 11)).score(image).map(\.score) == [1, 1])
        await #expect(processExitsWith: .failure) {
            _ = try await Self.classifier(Reader(column: 12)).score(EmbeddingMatrix(dimension: 1, values: [1]))
        }
        await #expect(processExitsWith: .failure) {
            _ = try await Self.classifier(Reader(column: -1)).score(EmbeddingMatrix(dimension: 1, values: [1]))
        }
    }

    @Test func aSetOfAnotherLayoutIsNeverRead() async {
        await #expect(processExitsWith: .failure) {
            struct Stranger: ScoringRule {
                let set: PromptLayout.PromptSet
                let identifier = "stranger"
                func score(_ similarities: Similarities) -> [Evidence] {
                    similarities.evidence { row, _ in Evidence(score: row[set], positive: 0) }
                }
            }
            let larger = try await Self.classifier(ContrastRule()).bank.layout
            let small = CategoryFile(categories: [.init(name: "a", positive: ["a1"], threshold: 0)])
            let set = larger.categories[1].positive
            let image = EmbeddingMatrix(dimension: 1, values: [1])
            _ = try await Self.classifier(Stranger(set: set), small).score(image)
        }
    }

    @Test func singlePromptsAreThereForRulesThatCompareThem() async throws {
        let image = EmbeddingMatrix(dimension: 1, values: [1])
        #expect(try await Self.classifier(Scaled()).similarities(image, includingPrompts: false).columnCount == 4)
        let sets = try await Self.classifier(Scaled()).similarities(image, includingPrompts: false)
        #expect(PromptSimilarities(sets) == nil)
        let doubled = try await Self.classifier(Doubled(rule: Reader(column: 11)))
        #expect(try doubled.score(image).map(\.score) == [2, 2])
        await #expect(processExitsWith: .failure) {
            let layout = try await Self.classifier(ContrastRule()).bank.layout
            _ = Reader(column: 0).score(Similarities(layout: layout, columnCount: 4, values: [0, 0, 0, 0]))
        }
    }
}
