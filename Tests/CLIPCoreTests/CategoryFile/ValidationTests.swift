import CLIPCore
import CLIPTesting
import Testing

/// Category files made or changed in code are checked as those read from YAML are.
@Suite struct ValidationTests {
    private static let good = CategoryFile(categories: [
        .init(name: "dog", positive: ["a dog"], threshold: 0), .init(name: "cat", positive: ["a cat"], threshold: 0),
    ])
    private static let vectors: [String: [Float]] = ["a dog": [1, 0], "a cat": [0, 1]]

    private struct Impostor: ScoringRule {
        let identifier = "top-k-mean (k 3)"
        func score(_ similarities: Similarities) -> [Evidence] { ContrastRule().score(similarities) }
    }

    static let faults: [(fault: @Sendable (inout CategoryFile) -> Void, message: String)] = [
        ({ $0.categories = [] }, "There is no category."),
        ({ $0.categories[1].name = "dog" }, "category 'dog': The name occurs twice."),
        (
            {
                $0.categories[0].name = "caf\u{E9}"
                $0.categories[1].name = "cafe\u{301}"
            }, "category 'cafe\u{301}': The name occurs twice."
        ),
        ({ $0.categories[1].name = "a\0b" }, "contains a NUL character"),
        ({ $0.categories[0].positive = [] }, "category 'dog': It has no positive descriptions."),
        ({ $0.categories[0].negative = [""] }, "category 'dog': A description is empty."),
        ({ $0.categories[1].threshold = .nan }, "category 'cat': Its threshold is nan."),
        ({ $0.neutralMargin = .infinity }, "The neutral margin is inf."),
        ({ $0.templates = ["a photo"] }, "\"a photo\" has no {}"),
        ({ $0.categories[0].templates = ["a"] }, "category 'dog': The template \"a\" has no {}"),
        ({ $0.neutral = [""] }, "A neutral description is empty."),
        ({ $0.rule = .topKMean(k: 0) }, "category 'dog': The k of the rule 'top-k-mean' is 0."),
        ({ $0.rule = .sigmoid(bias: .nan) }, "logit_bias of the rule 'sigmoid' is nan"),
        ({ $0.categories[0].rule = .softmax(scale: -1) }, "logit_scale of the rule 'softmax' is -1.0"),
        (
            {
                $0.rule = .softmax()
                $0.categories[1].rule = .softmax(scale: 50)
            }, "share one probability distribution"
        ),
        ({ $0.categories[0].rule = .custom(Impostor()) }, "identifier 'top-k-mean (k 3)', which is reserved"),
    ]

    @Test(arguments: faults.indices)
    func aFileThatCannotBeUsedIsRefusedWithTheReason(_ index: Int) throws {
        let bank = try PromptBank(Self.good, vectors: Self.vectors)
        var file = Self.good
        Self.faults[index].fault(&file)
        for error in [
            #expect(throws: CLIPError.self) { try PromptBank(file, vectors: Self.vectors) },
            #expect(throws: CLIPError.self) { try Classifier(file, bank: bank) },
        ] {
            #expect(error?.code == .invalidCategoryFile)
            #expect(error?.message.contains(Self.faults[index].message) == true, "\(error?.message ?? "")")
        }
    }

    @Test func aBankOfOtherCategoriesIsRefused() throws {
        let bank = try PromptBank(Self.good, vectors: Self.vectors)
        var file = Self.good
        file.categories.swapAt(0, 1)
        let error = #expect(throws: CLIPError.self) { try Classifier(file, bank: bank) }
        #expect(error?.code == .invalidCategoryFile)
    }

    @Test func aStoreOfAnotherModelIsRefused() async throws {
        let bank = try PromptBank(Self.good, vectors: Self.vectors, model: .stub(size: 1, dimension: 2))
        let classifier = try Classifier(Self.good, bank: bank)
        func store(size: Int) -> MemoryStore {
            let block = EmbeddingBlock(ids: ["a", "b"], embeddings: EmbeddingMatrix(rows: [[1, 0], [0, 1]]))
            return MemoryStore(provenance: Provenance(.stub(size: size, dimension: 2)), block: block)
        }
        let decisions = try await classifier.classify(store(size: 1))
        #expect(decisions.map(\.id) == ["a", "b"])
        #expect(decisions.map { $0.matches.map(\.name) } == [["dog", "cat"], ["dog", "cat"]])
        let error = await #expect(throws: CLIPError.self) { try await classifier.classify(store(size: 2)) }
        #expect(error?.code == .modelMismatch)
    }

    /// Stores of others may hold anything.
    private struct ForeignStore: EmbeddingReader {
        let name = "foreign"
        let provenance = Provenance(.stub(dimension: 2))
        let count = 1

        func forEachBlock(rows: Int, _ body: (EmbeddingBlock) throws -> Void) throws {
            try body(EmbeddingBlock(ids: ["a"], embeddings: EmbeddingMatrix(rows: [[80, 60]])))
        }
    }

    @Test func aStoreOfVectorsThatAreNotOfUnitLengthIsRefused() async throws {
        let bank = try PromptBank(Self.good, vectors: Self.vectors)
        let classifier = try Classifier(Self.good, bank: bank)
        let error = await #expect(throws: CLIPError.self) { try await classifier.classify(ForeignStore()) }
        #expect(error?.code == .invalidEmbeddings)
    }

    @Test func categoriesAreFoundByName() {
        #expect(Self.good["cat"]?.positive == ["a cat"])
        #expect(Self.good["bird"] == nil)
    }
}
