import CLIPCore
import CLIPTesting
import TestSupport
import Testing

/// Rules of a program's own, and what they cannot do.
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
        let bank = try await PromptBank(file, dimension: 1) { EmbeddingMatrix(dimension: 1, values: $0.map { _ in 1 }) }
        return try Classifier(file, bank: bank, rule: rule)
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
