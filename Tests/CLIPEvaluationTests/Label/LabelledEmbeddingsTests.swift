import CLIPCore
import CLIPEvaluation
import CLIPTesting
import Testing

@Suite struct LabelledEmbeddingsTests {
    private static let labels = [
        ImageLabels.Judgement(id: "c", category: "dog", isMember: true),
        .init(id: "a", category: "cat", isMember: false),
        .init(id: "a", category: "dog", isMember: false),
    ]

    private func store(ids: [String] = ["a", "b", "c"], values: [Float] = [1, 0, 0, 1, 0.6, 0.8]) -> MemoryStore {
        MemoryStore(
            provenance: Provenance(.stub(dimension: 2)),
            block: EmbeddingBlock(ids: ids, embeddings: EmbeddingMatrix(dimension: 2, values: values))
        )
    }

    @Test func labelledImagesComeInTheStoresOrderWithTheirVectors() throws {
        let images = try LabelledEmbeddings(ImageLabels(Self.labels), categories: ["cat", "dog"], store: store())
        #expect(images.ids == ["a", "c"])
        #expect(images.embeddings.values == [1, 0, 0.6, 0.8])
        #expect(images.truth == [false, false, nil, true])
        #expect(images.truth(image: 1, category: 1) == true)
        #expect(images.missingCount == 0)
    }

    @Test func aSubsetKeepsVectorsAndTruthWithTheirImages() throws {
        let labels = try ImageLabels(Self.labels + [.init(id: "b", category: "cat", isMember: true)])
        let images = try LabelledEmbeddings(labels, categories: ["cat", "dog"], store: store())
        let subset = images.subset([2, 1])
        #expect(subset.ids == ["c", "b"])
        #expect(subset.embeddings.values == [0.6, 0.8, 0, 1])
        #expect(subset.truth == [nil, true, true, nil])
    }

    @Test func probabilitiesStayWithTheirImages() throws {
        let labels = try ImageLabels([
            .init(id: "c", category: "dog", isMember: true, probability: 0.25),
            .init(id: "a", category: "dog", isMember: false, probability: 1),
            .init(id: "b", category: "cat", isMember: true),
        ])
        let images = try LabelledEmbeddings(labels, categories: ["cat", "dog"], store: store())
        #expect(images.probabilities == [nil, 1, nil, nil, nil, 0.25])
        #expect(images.weights(category: 0) == [1, 1, 1] && images.weights(category: 1) == [1, 1, 4])
        #expect(!images.isDrawn(category: 0) && images.isDrawn(category: 1))
        #expect(images.subset([2, 0]).weights(category: 1) == [4, 1])
    }

    @Test func imagesThatNobodyJudgedAreLeftOut() throws {
        func labels(_ answers: [(String, ImageLabels.Judgement.Answer)]) throws -> ImageLabels {
            try ImageLabels(
                answers.map { .init(id: $0, category: "dog", answer: $1, probability: 0.5, round: 1) },
                name: "labels.csv"
            )
        }
        let some = try labels([("a", .unsure), ("b", .missing), ("c", .member), ("x", .missing)])
        #expect(try LabelledEmbeddings(some, categories: ["dog"], store: store()).ids == ["c"])
        let none = try labels([("a", .unsure), ("b", .missing)])
        let error = #expect(throws: CLIPError.self) {
            try LabelledEmbeddings(none, categories: ["dog"], store: store())
        }
        #expect(error?.code == .invalidLabels)
        #expect(error?.message == "labels.csv: no image is labelled yet. Write 1 or 0 in the column 'label'.")
    }

    @Test func whatARuleLearnedFromIsForgottenForItsCategoryAlone() throws {
        let images = try LabelledEmbeddings(ImageLabels(Self.labels), categories: ["cat", "dog"], store: store())
        func file(_ rule: RuleChoice) -> CategoryFile {
            CategoryFile(categories: [
                .init(name: "cat", positive: ["a cat"], threshold: 0, rule: rule),
                .init(name: "dog", positive: [], threshold: 0, rule: .exemplarMean),
            ])
        }
        let exemplars = try ImageLabels([
            .init(id: "a", category: "dog", isMember: true), .init(id: "b", category: "dog", isMember: true),
            .init(id: "c", category: "cat", isMember: true),
        ])
        #expect(images.forgetting(exemplars, of: file(.contrast)).truth == [false, nil, nil, true])
        // The cat's rule learned from c alone, and nobody said whether it is a cat.
        #expect(images.forgetting(exemplars, of: file(.exemplarMean)).truth == [false, nil, nil, true])
        let complete = try ImageLabels([.init(id: "c", category: "dog", isMember: true)], form: .complete)
        #expect(images.forgetting(complete, of: file(.exemplarMean)).truth == [false, false, nil, nil])
    }

    @Test func exemplarsKeepTheModelOfTheirStore() throws {
        let images = try LabelledEmbeddings(ImageLabels(Self.labels), categories: ["cat", "dog"], store: store())
        let file = CategoryFile(categories: [.init(name: "dog", positive: [], threshold: 0, rule: .exemplarMean)])
        let exemplars = Exemplars(images)
        let another = ModelDescription.stub(size: 4, dimension: 2)
        let error = #expect(throws: CLIPError.self) {
            try PromptBank(file, vectors: [:], model: another, exemplars: exemplars)
        }
        #expect(error?.code == .modelMismatch)
        #expect(throws: Never.self) {
            try PromptBank(file, vectors: [:], model: .stub(dimension: 2), exemplars: exemplars)
        }
    }

    @Test func aCategoryThatTheFileDoesNotHaveIsRefused() throws {
        let labels = try ImageLabels([.init(id: "a", category: "dogs", isMember: true)], name: "labels.csv")
        let error = #expect(throws: CLIPError.self) {
            try LabelledEmbeddings(labels, categories: ["cat", "dog"], store: store())
        }
        #expect(error?.code == .invalidLabels)
        #expect(
            error?.message
                == "labels.csv: there is no category 'dogs' in the category file. Did you mean 'dog'? It has 'cat', 'dog'."
        )
    }

    @Test func imagesThatTheStoreDoesNotHoldAreNamedAndCounted() throws {
        let ids = ["a", "x1", "x2", "x3", "x4", "x5"]
        let labels = try ImageLabels(ids.map { .init(id: $0, category: "dog", isMember: true) }, name: "labels.csv")
        let error = #expect(throws: CLIPError.self) {
            try LabelledEmbeddings(labels, categories: ["dog"], store: store())
        }
        #expect(error?.code == .invalidLabels)
        #expect(
            error?.message
                == "labels.csv: 5 of 6 labelled images are not in memory: 'x1', 'x2', 'x3' and 2 more. "
                + "Ids in it look like 'a'. Correct the ids, embed these images, or, for --labels, use "
                + "--skip-missing."
        )
        let rest = try LabelledEmbeddings(labels, categories: ["dog"], store: store(), missingImages: .leftOut)
        #expect(rest.ids == ["a"])
        #expect(rest.missingCount == 5)
    }

    @Test func leavingOutMissingImagesDoesNotLeaveOutAll() throws {
        let labels = try ImageLabels([.init(id: "photos/a", category: "dog", isMember: true)])
        let error = #expect(throws: CLIPError.self) {
            try LabelledEmbeddings(labels, categories: ["dog"], store: store(), missingImages: .leftOut)
        }
        #expect(error?.message.contains("Ids in it look like 'a'.") == true)
    }

    @Test(arguments: [[1, 0, .nan, 1, 0.6, 0.8], [1, 0, 0, 1, 0.3, 0.4]] as [[Float]])
    func aVectorThatIsNotOfUnitLengthIsRefused(values: [Float]) throws {
        let labels = try ImageLabels(Self.labels)
        let error = #expect(throws: CLIPError.self) {
            try LabelledEmbeddings(labels, categories: ["cat", "dog"], store: store(values: values))
        }
        #expect(error?.code == .invalidEmbeddings)
    }

    @Test func aStoreWithTwoVectorsForAnImageIsRefused() throws {
        let labels = try ImageLabels([.init(id: "a", category: "dog", isMember: true)])
        let error = #expect(throws: CLIPError.self) {
            try LabelledEmbeddings(labels, categories: ["dog"], store: store(ids: ["a", "b", "a"]))
        }
        #expect(error?.code == .invalidEmbeddings)
        #expect(error?.message.hasPrefix("memory: image 'a' occurs twice. Keep the last row") == true)
    }
}
