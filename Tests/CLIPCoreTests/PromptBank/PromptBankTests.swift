import CLIPCore
import TestSupport
import Testing

@Suite struct PromptBankTests {
    @Test func aSetIsNormalisedThenAveragedThenNormalised() async throws {
        // Of lengths 2 and 10: without the first normalisation the second would outweigh the first.
        let vectors: [String: [Float]] = ["short": [2, 0], "long": [0, 10]]
        let file = CategoryFile(categories: [.init(name: "c", positive: ["short", "long"], threshold: 0)])
        let bank = try await PromptBank(file, dimension: 2) { texts in
            EmbeddingMatrix(dimension: 2, values: texts.flatMap { vectors[$0] ?? [] })
        }
        let half = Float(0.5).squareRoot()
        #expect(bank.vectors[row: 0] == [half, half])
        #expect(bank.vectors[row: 1] == [1, 0])
        #expect(bank.vectors[row: 2] == [0, 1])
        // The mean of two perpendicular unit vectors is √½ long; a single vector agrees with itself.
        #expect(bank.agreement == [half, 1, 1])
    }

    @Test func templatesSurroundPositivesAndNegativesButNotNeutrals() async throws {
        let templates = ["a photo of {}.", "{c}, close up"]
        let file = CategoryFile(
            categories: [.init(name: "c", positive: ["a dog"], negative: ["a cat"], threshold: 0)],
            neutral: ["anything"],
            templates: templates
        )
        nonisolated(unsafe) var asked = [String]()
        _ = try await PromptBank(file, dimension: 1) { texts in
            asked = texts
            return EmbeddingMatrix(dimension: 1, values: texts.map { _ in 1 })
        }
        #expect(
            asked == [
                "a photo of a dog.", "a dog, close up", "a photo of a cat.", "a cat, close up", "anything",
            ]
        )
    }

    @Test func aCategorysOwnTemplatesReplaceTheFiles() async throws {
        let file = CategoryFile(
            categories: [.init(name: "c", positive: ["as it is"], threshold: 0, templates: [])],
            templates: ["a photo of {}."]
        )
        let bank = try await PromptBank(file, dimension: 1) { EmbeddingMatrix(dimension: 1, values: $0.map { _ in 1 }) }
        #expect(bank.layout.prompts.map(\.sentences) == [["as it is"]])
    }

    @Test func aSentenceThatStandsTwiceIsEmbeddedOnce() async throws {
        let file = CategoryFile(categories: [
            .init(name: "a", positive: ["same", "other"], threshold: 0),
            .init(name: "b", positive: ["same"], negative: ["other"], threshold: 0),
        ])
        let bank = try await PromptBank(file, dimension: 2) { texts in
            #expect(texts == ["same", "other"])
            return EmbeddingMatrix(dimension: 2, values: [1, 0, 0, 1])
        }
        #expect(bank.vectors.count == 3 + 4)
    }

    @Test func descriptionsThatCancelOutAreAnErrorThatNamesTheSet() async {
        let vectors: [String: [Float]] = ["left": [-1, 0], "right": [1, 0]]
        let file = CategoryFile(categories: [.init(name: "sides", positive: ["left", "right"], threshold: 0)])
        let error = await #expect(throws: CLIPError.self) {
            try await PromptBank(file, dimension: 2) { texts in
                EmbeddingMatrix(dimension: 2, values: texts.flatMap { vectors[$0] ?? [] })
            }
        }
        #expect(error?.code == .invalidEmbeddings)
        #expect(error?.message.contains("'positive' of category 'sides'") == true)
    }

    @Test(arguments: [[0, 0], [Float.nan, 1], [.infinity, 0]])
    func aVectorWithoutDirectionIsAnError(_ vector: [Float]) async {
        let file = CategoryFile(categories: [.init(name: "c", positive: ["p"], threshold: 0)])
        await #expect(throws: CLIPError.self) {
            try await PromptBank(file, dimension: 2) { _ in EmbeddingMatrix(dimension: 2, values: vector) }
        }
    }

    @Test func everyPlaceOfATemplateIsFilled() {
        #expect(PromptTemplate.sentences("it", ["{x} {} and {c} {"]) == ["{x} it and it {"])
    }
}
