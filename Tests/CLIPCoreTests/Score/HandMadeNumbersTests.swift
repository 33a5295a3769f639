import CLIPCore
import Testing

/// A rule is tested from hand-made numbers, without a model.
@Suite struct HandMadeNumbersTests {
    /// The lead of a category over the best of the others.
    private struct Lead: ScoringRule {
        let identifier = "lead"

        func score(_ similarities: Similarities) -> [Evidence] {
            similarities.evidenceOfImages { row, categories in
                let cosines = categories.map { row[$0.positive] }
                return categories.indices.map { index in
                    let others = cosines.indices.filter { $0 != index }.map { cosines[$0] }
                    return Evidence(score: cosines[index] - (others.max() ?? 0), positive: cosines[index])
                }
            }
        }
    }

    private static let file = CategoryFile(
        categories: [
            .init(name: "dog", positive: ["a dog", "a puppy"], negative: ["a wolf"], threshold: 0),
            .init(name: "cat", positive: ["a cat"], threshold: 0.25),
        ],
        neutral: ["a photo"]
    )

    @Test func aRuleScoresTheCosinesThatItIsGiven() throws {
        let similarities = try Similarities(
            Self.file,
            images: [
                [.positive("dog"): 0.5, .negative("dog"): 0.25, .positive("cat"): 0.125, .neutral: 0],
                [.positive("dog"): 0, .negative("dog"): 0.5, .positive("cat"): 1, .neutral: 0.25],
            ]
        )
        #expect(ContrastRule().score(similarities).map(\.score) == [0.25, 0.125, -0.5, 1])
        #expect(Lead().score(similarities).map(\.score) == [0.375, -0.375, -1, 1])
    }

    @Test func singlePromptsAreNamedByTheirTexts() throws {
        let image: [Similarities.Column: Float] = [
            .positive("dog"): 0, .negative("dog"): 0, .positive("cat"): 0, .neutral: 0,
            .prompt("a dog"): 0.5, .prompt("a puppy"): 0.75, .prompt("a wolf"): 0.25, .prompt("a cat"): 0.125,
            .prompt("a photo"): 0,
        ]
        let similarities = try Similarities(Self.file, images: [image])
        #expect(BestPromptRule().score(similarities).map(\.score) == [0.5, 0.125])
    }

    @Test func aCosineThatIsMissingOrUnknownTraps() async {
        await #expect(processExitsWith: .failure) {
            _ = try Similarities(Self.file, images: [[.positive("dog"): 0]])
        }
        await #expect(processExitsWith: .failure) {
            let file = CategoryFile(categories: [.init(name: "cat", positive: ["a cat"], threshold: 0)])
            _ = try Similarities(file, images: [[.positive("cat"): 0, .neutral: 0]])
        }
    }

    @Test func aRuleOfOnesOwnServesSingleCategories() throws {
        var file = Self.file
        file.categories[0].rule = .custom(Lead())
        let vectors: [String: [Float]] = [
            "a dog": [1, 0], "a puppy": [1, 0], "a wolf": [0, 1], "a cat": [0, 1], "a photo": [1, 1],
        ]
        let classifier = try Classifier(file, bank: PromptBank(file, vectors: vectors))
        let image = try classifier.classify(EmbeddingMatrix(rows: [[0.8, 0.6]]), ids: ["x.jpg"])[0]
        #expect(image.id == "x.jpg")
        // The only category of its rule has no others to lead over.
        #expect(image["dog"].score == 0.8 && image["cat"].score == 0.6)
        #expect(image.map(\.name) == ["dog", "cat"])
    }

    @Test func aTextWithoutAVectorIsNamed() {
        let error = #expect(throws: CLIPError.self) { try PromptBank(Self.file, vectors: ["a dog": [1, 0]]) }
        #expect(error?.code == .invalidEmbeddings)
        #expect(error?.message.contains("\"a puppy\"") == true)
    }
}
